package dev.hbar.study.scoring;

import dev.hbar.mlx.MlxScope;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the prompts of a batch: what a group shares once, and as many rows together as a piece has
 * room for, because every pass takes all weights apart. The longest prompt of a group is read
 * whole, and the others go on from a copy that is cut back to what they share with it. Where a
 * cache cannot be cut back, what all of a group share is read first. Owner thread.
 */
final class SharedPrefill {
  private final CausalLm model;
  private final MlxScope run;
  private final List<KvCache> caches = new ArrayList<>();
  private final Map<PrefixGroup.Tokenized, Row> rows = new IdentityHashMap<>();

  private SharedPrefill(CausalLm model, MlxScope run) {
    this.model = model;
    this.run = run;
  }

  /** A row of a cache, and how many of its tokens count. */
  private record Row(KvCache cache, int index, int tokens) {
    Row upTo(int count) {
      return new Row(cache, index, count);
    }
  }

  /** What is to be read of a prompt: all but the last of {@code ids}, after {@code begun}. */
  private record Reading(PrefixGroup.Tokenized of, Optional<Row> begun, int[] ids) {}

  /**
   * One cache row for each member, in order, with its prompt but for the last token.
   *
   * @param room for so many tokens that follow
   */
  static KvCache of(CausalLm model, MlxScope run, List<PrefixGroup> groups, int room) {
    List<PrefixGroup.Tokenized> members =
        groups.stream().flatMap(group -> group.members().stream()).toList();
    int longest = members.stream().mapToInt(member -> member.ids().length).max().orElseThrow();
    boolean cutsBack = model.newCache(run, new SequenceLength(longest)).keeps(longest);
    SharedPrefill prefill = new SharedPrefill(model, run);
    prefill.read(groups.stream().map(group -> beginning(group, cutsBack)).toList());
    prefill.read(groups.stream().flatMap(group -> prefill.rests(group, cutsBack)).toList());
    return prefill.stacked(members, room);
  }

  /** The longest prompt of a group; or, where copies of it are of no use, what all share. */
  private static Reading beginning(PrefixGroup group, boolean cutsBack) {
    PrefixGroup.Tokenized longest = group.longest();
    int[] ids = longest.ids();
    return new Reading(
        longest, Optional.empty(), cutsBack ? ids : Arrays.copyOf(ids, group.prefix() + 1));
  }

  /** What the members of a group have beyond its beginning. */
  private Stream<Reading> rests(PrefixGroup group, boolean cutsBack) {
    PrefixGroup.Tokenized longest = group.longest();
    Row begun = rows.get(longest);
    return group.members().stream()
        .filter(member -> !cutsBack || member != longest)
        .map(
            member -> {
              int shared = cutsBack ? longest.sharedPrefix(member) : group.prefix();
              int[] rest = Arrays.copyOfRange(member.ids(), shared, member.ids().length);
              return new Reading(member, Optional.of(begun.upTo(shared)), rest);
            });
  }

  /** Reads all of them, those of similar length together. */
  private void read(List<Reading> readings) {
    List<Reading> left =
        readings.stream()
            .sorted(Comparator.comparingInt((Reading each) -> each.ids().length).reversed())
            .toList();
    while (!left.isEmpty()) {
      int most = Math.max(1, Prefill.CHUNK / left.getFirst().ids().length);
      List<Reading> some = left.subList(0, Math.min(most, left.size()));
      KvCache cache = some.getFirst().begun().isPresent() ? copies(some) : empty(some);
      new Prefill(model, run).allButLastToken(cache, some.stream().map(Reading::ids).toList());
      caches.add(cache);
      for (int i = 0; i < some.size(); i++) {
        rows.put(some.get(i).of(), new Row(cache, i, cache.tokens(i)));
      }
      left = left.subList(some.size(), left.size());
    }
  }

  private KvCache empty(List<Reading> some) {
    return model.newCache(
        run,
        some.stream()
            .map(each -> new SequenceLength(each.of().ids().length))
            .toArray(SequenceLength[]::new));
  }

  private KvCache copies(List<Reading> some) {
    List<KvCache> copies = new ArrayList<>();
    for (Reading each : some) {
      Row from = each.begun().orElseThrow();
      KvCache copy = KvCache.stack(run, List.of(from.cache()), new int[] {from.index()});
      if (from.tokens() < copy.tokens(0) && !copy.trim(from.tokens())) {
        throw new IllegalStateException("a cache that keeps all cannot be cut back");
      }
      copies.add(copy);
    }
    return KvCache.moved(run, copies, new int[copies.size()], 0);
  }

  private KvCache stacked(List<PrefixGroup.Tokenized> members, int room) {
    List<Row> all = members.stream().map(rows::get).toList();
    int[] indices = all.stream().mapToInt(Row::index).toArray();
    KvCache stacked = KvCache.moved(run, all.stream().map(Row::cache).toList(), indices, room);
    // Beginnings that nobody's row is.
    caches.forEach(KvCache::close);
    return stacked;
  }
}
