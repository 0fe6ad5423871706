package dev.hbar.study.parity;

import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.CapturePoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a model starts to differ from the reference.
 *
 * @param profile name of the error profile
 * @param point the first point over the bound
 * @param suspect the part of the model between the last correct point and this one
 */
public record Divergence(String profile, String point, String suspect) {
  /**
   * The first point of a profile that is over the bound. In isolation errors do not propagate, so
   * there it is the first such point of every block.
   */
  static List<Divergence> of(ErrorProfile profile, double bound) {
    Suspects suspects = new Suspects(profile, bound);
    List<Divergence> divergences = new ArrayList<>();
    String lastPlace = "";
    for (ErrorProfile.PointError error : profile.over(bound)) {
      CapturePoint point = error.pair().ours();
      if (divergences.isEmpty() || profile.isIsolated() && !place(point).equals(lastPlace)) {
        divergences.add(new Divergence(profile.name(), error.pair().label(), suspects.at(point)));
        lastPlace = place(point);
      }
    }
    return divergences;
  }

  private static String place(CapturePoint point) {
    return switch (point) {
      case CapturePoint.InBlock in -> "block " + in.index();
      case CapturePoint.BlockOutput output -> "block " + output.index();
      default -> point.label();
    };
  }

  /** Finds the part of the model between the last correct point and the first wrong one. */
  private static final class Suspects {
    private final Set<CapturePoint> compared;
    private final Set<CapturePoint> wrong;

    Suspects(ErrorProfile profile, double bound) {
      compared = profile.points().stream().map(p -> p.pair().ours()).collect(Collectors.toSet());
      wrong = profile.over(bound).stream().map(p -> p.pair().ours()).collect(Collectors.toSet());
    }

    /** The suspect for the first wrong point of a block or of the whole model. */
    String at(CapturePoint point) {
      return switch (point) {
        case CapturePoint.Embedding e -> "embed_tokens";
        case CapturePoint.BlockOutput o -> "somewhere in block " + o.index();
        case CapturePoint.FinalNorm n -> "the final norm";
        case CapturePoint.Logits l -> "the head";
        case CapturePoint.InBlock in -> inBlock(in);
      };
    }

    private String inBlock(CapturePoint.InBlock in) {
      return switch (in.part()) {
        case INPUT -> "before block " + in.index();
        case Q_PROJ ->
            allWrong(in, BlockPart.K_PROJ, BlockPart.V_PROJ) ? "input_layernorm" : "q_proj";
        case K_PROJ -> "k_proj";
        case V_PROJ -> "v_proj";
        case Q_NORM -> "q_norm";
        case K_NORM -> "k_norm";
        case Q_ROPE -> allCompared(in, BlockPart.Q_PROJ) ? "rope" : "the queries";
        case K_ROPE -> allCompared(in, BlockPart.K_PROJ) ? "rope" : "the keys";
        case ATTENTION_WEIGHTS ->
            allCompared(in, BlockPart.Q_ROPE, BlockPart.K_ROPE)
                ? "the mask or the scale of the scores"
                : "the queries or keys";
        case ATTENTION_OUTPUT ->
            allCompared(in, BlockPart.ATTENTION_WEIGHTS, BlockPart.V_PROJ)
                ? "o_proj"
                : "the attention";
        case EXPERTS -> "the router";
        case EXPERT_WEIGHTS ->
            allCompared(in, BlockPart.EXPERTS) ? "the router's weights" : "the router";
        case GATE -> allWrong(in, BlockPart.UP) ? "post_attention_layernorm" : "gate_proj";
        case UP -> "up_proj";
        case MLP_OUTPUT ->
            allCompared(in, BlockPart.GATE, BlockPart.UP)
                ? "down_proj or the activation"
                : "the MLP";
      };
    }

    private boolean allWrong(CapturePoint.InBlock in, BlockPart... parts) {
      return Arrays.stream(parts)
          .allMatch(part -> wrong.contains(new CapturePoint.InBlock(in.index(), part)));
    }

    private boolean allCompared(CapturePoint.InBlock in, BlockPart... parts) {
      return Arrays.stream(parts)
          .allMatch(part -> compared.contains(new CapturePoint.InBlock(in.index(), part)));
    }
  }
}
