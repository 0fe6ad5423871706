package dev.hbar.model.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.template.TemplateException.Reason;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that take too much end soon, by one exception. */
class TemplateLimitsTest {

  private static final ZonedDateTime NOW =
      ZonedDateTime.of(2026, 3, 5, 14, 7, 9, 0, ZoneOffset.UTC);
  private static final long MOST_NANOSECONDS = 4_000_000_000L;

  private static String render(String source) {
    return Template.parse(source).render(Map.of("text", "x".repeat(1_000_000)), NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}{% for d in range(1000) %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for a in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x|length }}",
        "{% set ns = namespace(x='a') %}{% for a in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x|length }}",
        "{% set ns = namespace(x=[]) %}{% for a in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[]) %}{% for a in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|tojson }}",
        "{% set ns = namespace(x=(), y=()) %}{% for a in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% set ns.y = (ns.y, ns.y) %}{% endfor %}{{ ns.x == ns.y }}",
        "{% set ns = namespace(x=[]) %}{% for a in range(9000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% macro a() %}{{ caller() }}{{ a(caller=caller) }}{% endmacro %}{% call a() %}x{% endcall %}",
        "{% for v in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{{ text.replace('x', text) }}",
        "{{ text.replace('', text) }}",
        "{{ text|replace('x', text) }}",
        "{{ 'x' * 10**9 }}",
        "{{ [1] * 10**9 }}",
        "{{ 10**1000000000 }}",
        "{{ 2**100000 * 2**100000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ 'x'.center(10**9) }}",
        "{{ 'x'|center(10**9) }}",
        "{{ 'x'|indent(10**9, true) }}",
        "{{ 'x'.zfill(10**9) }}",
        "{{ '\\t'.expandtabs(10**9) }}",
        "{{ [1]|batch(10**9, 0)|list|length }}",
        "{{ [1]|slice(10**9)|list|length }}",
        "{{ text.join(text) }}",
        "{{ (text ~ text ~ text ~ text)|list|length }}{{ text|list|length }}{{ text|list|length }}{{ text|list|length }}{{ text|list|length }}{{ text|list|length }}{{ text|list|length }}{{ text|list|length }}{{ text|list|length }}{{ text|list|length }}{{ text|list|length }}",
        "{% for a in range(100000) %}{{ text }}{% endfor %}",
        "{% for a in range(100000) %}{{ 'y' in text }}{% endfor %}",
        "{% for a in range(100000) %}{{ text.count(text[1:500000] ~ 'y') }}{% endfor %}",
        "{{ {'a': [1]}|tojson(indent=10**9) }}"
      })
  void hostileTemplate_endsByItsLimit(String source) {
    long start = System.nanoTime();
    TemplateException end = assertThrows(TemplateException.class, () -> render(source));
    assertTrue(System.nanoTime() - start < MOST_NANOSECONDS, "it took too long");
    assertEquals(Reason.LIMIT, end.reason(), end.getMessage());
    assertEquals(1, end.line());
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{1:", "-", "not ", "a if b else ", "{'a':[", "(("})
  void deepExpression_isRefusedWithoutOverflow(String opening) {
    for (int depth : new int[] {150, 5_000, 200_000}) {
      String source = "\n{{ " + opening.repeat(depth);
      Reason reason = assertThrows(TemplateException.class, () -> Template.parse(source)).reason();
      assertTrue(Set.of(Reason.LIMIT, Reason.SYNTAX).contains(reason));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" + a", "|upper", ".a", "[0]", " and a", " ~ a", "()", " is defined", " < a"})
  void longChain_endsByAnExceptionOrAText(String link) {
    for (int length : new int[] {100, 1_000, 50_000}) {
      String source = "{% set a = '' %}{{ a" + link.repeat(length) + " }}";
      try {
        render(source);
      } catch (TemplateException end) {
        assertEquals(1, end.line());
      }
    }
  }

  @Test
  void deepStatements_areRefused() {
    String source = "{% if true %}".repeat(5_000);
    assertEquals(
        Reason.LIMIT, assertThrows(TemplateException.class, () -> Template.parse(source)).reason());
  }

  @Test
  void longRange_isRefusedAtTheSandboxsBound() {
    assertEquals("100000", render("{{ range(100000)|length }}"));
    assertEquals(
        Reason.RUNTIME,
        assertThrows(TemplateException.class, () -> render("{{ range(100001)|length }}")).reason());
    assertThrows(TemplateException.class, () -> render("{{ range(10**9)|length }}"));
  }

  @Test
  void emptyPattern_isCountedAndSplitIsRefused() {
    assertEquals("4", render("{{ 'abc'.count('') }}"));
    assertEquals(
        Reason.RUNTIME,
        assertThrows(TemplateException.class, () -> render("{{ 'abc'.split('') }}")).reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.__class__.__mro__ }}",
        "{{ [].append(1) }}",
        "{{ {}.update({}) }}",
        "{{ messages.getClass() }}",
        "{{ ''.getClass() }}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{{ namespace(_x=1) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% do 1 %}",
        "{{ raise_exception('no') }}"
      })
  void whatTheSandboxRefuses_isRefused(String source) {
    assertThrows(TemplateException.class, () -> render(source));
  }

  @Test
  void refusal_hasTheTemplatesWordsAndLine() {
    TemplateException refusal =
        assertThrows(
            TemplateException.class,
            () -> render("a\n{% if true %}\n{{ raise_exception('No!') }}{% endif %}"));
    assertEquals(Reason.REFUSED, refusal.reason());
    assertEquals("No!", refusal.getMessage());
    assertEquals(3, refusal.line());
  }
}
