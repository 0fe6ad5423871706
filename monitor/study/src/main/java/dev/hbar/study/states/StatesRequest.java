package dev.hbar.study.states;

import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which states of given answers are kept.
 *
 * @param pointNames {@code embedding}, {@code block.N} (or {@code block.*}), {@code final_norm},
 *     and the names of {@link AttentionFeature}s
 * @param positions where they are taken
 * @param signals whether the signals of the answers' tokens are measured too
 * @param half whether states are written as float16 instead of float32
 * @param alpha weight of the drift in PRI
 */
public record StatesRequest(
    List<String> pointNames,
    Set<StatePosition> positions,
    boolean signals,
    boolean half,
    double alpha) {
  /** Before the first block: what a bag of words knows. */
  public static final String EMBEDDING = "embedding";

  private static final String OUTPUT = ".output";

  /** Copies the collections; sorts the positions. */
  public StatesRequest {
    pointNames = List.copyOf(pointNames);
    positions = Collections.unmodifiableSet(new TreeSet<>(positions));
  }

  /** The points, in the order of the computation. */
  public List<CapturePoint> points(int layers) {
    return expand(
        pointNames.stream().filter(name -> AttentionFeature.of(name).isEmpty()).toList(), layers);
  }

  /** What is made of attention weights. */
  public Set<AttentionFeature> features() {
    Set<AttentionFeature> features = EnumSet.noneOf(AttentionFeature.class);
    pointNames.forEach(name -> AttentionFeature.of(name).ifPresent(features::add));
    return features;
  }

  /** Names of all that is kept, states first. */
  List<String> names(int layers) {
    return Stream.concat(
            points(layers).stream().map(StatesRequest::pointName),
            features().stream().map(AttentionFeature::id))
        .toList();
  }

  /**
   * The points of these names, in the order of the computation, the embedding always among them.
   *
   * @param names also {@code block.*}
   * @throws IllegalArgumentException for a name without meaning or a block that does not exist
   */
  private static List<CapturePoint> expand(List<String> names, int layers) {
    TreeSet<CapturePoint> points = new TreeSet<>(CapturePoints.ORDER);
    points.add(new CapturePoint.Embedding());
    for (String name : names) {
      String full = name.matches("block\\.(\\d+|\\*)") ? name + OUTPUT : name;
      for (CapturePoint point : CapturePoints.expand(full, layers)) {
        requireState(name, point);
        points.add(point);
      }
    }
    return new ArrayList<>(points);
  }

  private static void requireState(String name, CapturePoint point) {
    if (point instanceof CapturePoint.InBlock || point instanceof CapturePoint.Logits) {
      throw new IllegalArgumentException(
          name
              + " is no hidden state; there are embedding, block.N (or block.*), final_norm; also lookback, icr");
    }
  }

  /** The name of a point in files, for example {@code block.15}. */
  static String pointName(CapturePoint point) {
    String label = point.label();
    return label.endsWith(OUTPUT) ? label.substring(0, label.length() - OUTPUT.length()) : label;
  }

  /**
   * Numbers of an answer that are made of attention weights. They are means over its tokens, so a
   * states folder keeps them as {@code NAME.mean-answer}.
   */
  public enum AttentionFeature {
    /**
     * The lookback ratio of every head of every layer with attention (Chuang and others, 2024): for
     * an answer's token c / (c + o), c the mean weight of the tokens before the answer, o that of
     * the answer's own tokens up to this one.
     */
    LOOKBACK,
    /**
     * The ICR score of every layer with attention (Zhang and others, ACL 2025): over the tenth of
     * the positions that a token attends to most, heads averaged, the Jensen-Shannon divergence in
     * nats of softmax(zscore(w)) from softmax(zscore(attention)); w_i is the length of the
     * projection of what the layer adds to the token on the state of position i that enters the
     * layer.
     */
    ICR;

    /** The name in options and files. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The feature of this name, if there is one. */
    public static Optional<AttentionFeature> of(String id) {
      return Arrays.stream(values()).filter(feature -> feature.id().equals(id)).findFirst();
    }
  }
}
