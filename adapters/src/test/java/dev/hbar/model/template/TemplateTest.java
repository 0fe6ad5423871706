package dev.hbar.model.template;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One template a construct, with what Jinja2 3.1.6 makes of it. */
class TemplateTest {

  private static final ZonedDateTime NOW =
      ZonedDateTime.of(2026, 3, 5, 14, 7, 9, 0, ZoneOffset.UTC);

  static Stream<Arguments> constructs() {
    return Stream.of(first(), second(), escaped()).flatMap(all -> all);
  }

  private static Stream<Arguments> first() {
    return Stream.of(
        Arguments.of(
            "{% for v, c in [[1, 2], [3, 4]] if v > 1 %}{{ loop.previtem is defined }}{{ v }}{% endfor %}{% for v, c in [[1, 2]] if true %}{% for w in [loop.nextitem, c] %}{{ w is undefined }}{% endfor %}{% endfor %}",
            "False3TrueFalse"),
        Arguments.of(
            "{% for v, c in [[1, 2], [3, 4]] if true %}{{ loop.previtem }}{% endfor %}", "(1, 2)"),
        Arguments.of(
            "{{ '  lead  and trail '.split(none, 1) }}{{ '  a b '.rsplit(none, 1) }}",
            "['lead', 'and trail ']['  a', 'b']"),
        Arguments.of("{% for m in [1, 2, 3] if m != 2 %}{{ m }}{% endfor %}", "13"),
        Arguments.of(
            "{% set ns = namespace() %}{% set ns.x = [ns] %}{{ ns }}{{ ns.x }}",
            "<Namespace {'x': [<Namespace {...}>]}>[<Namespace {'x': [...]}>]"),
        Arguments.of("{% for m in [] %}a{% else %}none{% endfor %}", "none"),
        Arguments.of(
            "a   {% if true %}b{% endif %}  c\n   {% if true %}\nd\n   {% endif %}\ne",
            "a   b  c\nd\ne"),
        Arguments.of("{% if 'false' %}y{% else %}n{% endif %}", "y"),
        Arguments.of("{{ '\u001b\u0007\u0000' }}", "\u001b\u0007\u0000"),
        Arguments.of("a\r\nb\r{% if true %}\r\nc{% endif %}", "a\nb\nc"),
        Arguments.of("{{ 'a' and 'b' }}{{ '' or 'c' }}", "bc"),
        Arguments.of("{{ 'x' is iterable }}{{ 'x' is sequence }}", "TrueTrue"),
        Arguments.of(
            "{{ {}.absent is none }}{{ absent is none }}{{ none is defined }}", "FalseFalseTrue"),
        Arguments.of(
            "{{ {'a': [1, 2.0, true, none, 'q\\'s', \"d\"], 'b': (1,)} }}",
            "{'a': [1, 2.0, True, None, \"q's\", 'd'], 'b': (1,)}"),
        Arguments.of(
            "{{ {'b': 1, 'a': 'ü<'}|tojson(ensure_ascii=true, indent=2, sort_keys=true) }}{{ [1, {}]|tojson(separators=(',', ':')) }}",
            "{\n  \"a\": \"\\u00fc<\",\n  \"b\": 1\n}[1,{}]"));
  }

  private static Stream<Arguments> second() {
    return Stream.of(
        Arguments.of(
            "{% for k, v in {'a': 1}|items %}{{ k }}{{ v }}{% endfor %}{{ [3]|first }}{{ 'aba'.replace('a', 'x', 1) }}{{ '{}-{}'.format('a', 'b') }}",
            "a13xbaa-b"),
        Arguments.of(
            "{% set n = 1 %}{{ [1, 2, 3][:n+1] }}{{ 'abc'[0] }}{{ {'type': 'text'}['type'] }}{{ n+1 }}{{ namespace(a=1+1).a }}",
            "[1, 2]atext22"),
        Arguments.of(
            "{{ 'abcdef'[::-2] }}{{ 1 < 2 < 3 }}{{ 7 % 3 }}{{ 'ab' * 2 }}{{ -7 // 2 }}{{ -7 % 3 }}{{ 7 / 2 }}{{ 2 ** 100 }}",
            "fdbTrue1abab-423.51267650600228229401496703205376"),
        Arguments.of(
            "{% with a = 1 %}{{ a }}{% endwith %}{{ a }}{% filter upper %}x{% endfilter %}{{ 'a b c'.rsplit(' ', 1) }}{{ 'a=b'.partition('=') }}{{ '%s' % 3 }}",
            "1X['a b', 'c']('a', '=', 'b')3"),
        Arguments.of(
            "{% for x in 'ab' %}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.cycle('p', 'q') }}{% endfor %}",
            "bpaq"),
        Arguments.of(
            "{% macro m(a, b='d') %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{{ caller(1) if caller }}{% endmacro %}{{ m(1) }}{{ m(1, 2, 3, z=4) }}{% call(q) m(5) %}c{{ q }}{% endcall %}",
            "1d(){}12(3,){'z': 4}5d(){}c1"),
        Arguments.of(
            "{{ 'a'|safe + '<' }}{{ '<'|e }}{{ '😀x'[0] }}{{ '😀x'|length }}{{ 1e16 }}{{ 1e-5 }}{{ 100.0 }}{{ 0.1 + 0.2 }}",
            "a&lt;&lt;😀21e+161e-05100.00.30000000000000004"),
        Arguments.of(
            "{% set x %}a{{ 1 }}{% endset %}{{ x }}{% set ns = namespace(i=0) %}{% for a in range(3) %}{% set ns.i = ns.i + a %}{% set x = a %}{% endfor %}{{ ns.i }}{{ x }}",
            "a13a1"),
        Arguments.of(
            "{% generation %}g{% endgeneration %}{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
            "g02"),
        Arguments.of(
            "{{ 'abcé'.translate({97: 'X<', 98: none, 99: 100}) }}{{ '%s<%d'|e|format('<', 3) }}{{ '%(a)s'|format(a='<') }}",
            "X<dé&lt;&lt;3<"));
  }

  private static Stream<Arguments> escaped() {
    return Stream.of(
        Arguments.of(
            "{% autoescape true %}{{ '<b>' }}{{ '<b>'|safe }}{{ ['a<b'] }}{{ none }}<i>{% endautoescape %}{{ '<b>' }}",
            "&lt;b&gt;<b>[&#39;a&lt;b&#39;]None<i><b>"),
        Arguments.of(
            "{% autoescape true %}{% set l = '<' %}{{ l ~ ('>'|safe) ~ 1 }}{{ l + ('>'|safe) }}{{ [l, '>'|safe]|join('&') }}{{ ['<', '>']|join('&') }}{{ [l]|join('&'|safe) }}{% endautoescape %}",
            "&lt;>1&lt;>&lt;&amp;>&lt;&amp;&gt;&lt;"),
        Arguments.of(
            "{% autoescape true %}{{ 'a<b'|replace('<', '>') }}{{ 'a<b'|replace('<', '>'|safe) }}{{ ('a<b'|safe)|replace('<', '>') }}{{ {'a': '<'}|xmlattr }}{% endautoescape %}",
            "a&gt;ba&lt;ba&gt;b a=\"&lt;\""),
        Arguments.of(
            "{% macro m(a) %}<{{ a }}>{% endmacro %}{{ m('<') }}{% autoescape true %}{{ m('<') }}{% macro n(a) %}<{{ a }}>{% endmacro %}{{ n('<') }}{% set v %}<{{ '<' }}{% endset %}{{ v }}{% endautoescape %}",
            "<<><<><&lt;><&lt;"),
        Arguments.of(
            "{% autoescape true %}{% for v, c in [['<', [['>', []]]]] recursive %}{{ v }}({{ loop(c) }}){% endfor %}{% filter upper %}a{{ '<' }}{% endfilter %}{% endautoescape %}",
            "&lt;(&gt;())A&LT;"),
        Arguments.of(
            "{% autoescape true %}{% autoescape false %}{{ '<' }}{% endautoescape %}{{ '<' }}{{ {'a': '<'}|tojson }}{% endautoescape %}",
            "<&lt;{&#34;a&#34;: &#34;&lt;&#34;}"),
        Arguments.of(
            "{% autoescape true %}{{ 'a' ~ ('<'|safe) }}{{ x ~ ('<'|safe) }}{{ ('a<'|safe)|last }}{{ ('a<'|safe)|first }}{% endautoescape %}",
            "a&lt;<<a"),
        Arguments.of(
            "{% set on = 1 %}{% autoescape on %}{{ '<' }}{{ ['<'] if 1 else on }}{{ '<'|lower }}{{ ('<'|safe) ~ on }}{% endautoescape %}{% autoescape true %}{% autoescape off %}{{ '<' }}{{ '<'|lower }}{% endautoescape %}{% endautoescape %}",
            "<['<']&lt;&lt;1&lt;<"),
        Arguments.of(
            "{% autoescape true %}{{ ('%s<'|safe) % ['<'] }}{{ ('%s<%s'|safe) % ('<', ['<']) }}{{ ('%(a)s<'|safe) % {'a': '<'} }}{{ ('<'|safe) % [1] }}{{ ('{}<{a}'|safe).format(['<'], a='<') }}{{ ('<'|safe).join(['<', ['<']]) }}{{ 2 * ('<'|safe) }}{{ ('a<'|safe)['upper']() }}{% endautoescape %}",
            "[&#39;&lt;&#39;]<&lt;<[&#39;&lt;&#39;]&lt;<<[&#39;&lt;&#39;]<&lt;&lt;<[&#39;&lt;&#39;]<<A<"),
        Arguments.of(
            "{% autoescape false %}{% set x = 1 %}{% endautoescape %}{{ x is defined }}{{ '<' }}",
            "False<"),
        Arguments.of(
            "{% if 'text'.encode is defined %}text{% endif %}{{ ['list'].encode is defined }}{{ encode is defined }}",
            "textFalseFalse"),
        Arguments.of(
            "{{ 7 .conjugate() }}{{ 255 .bit_count() }}{{ 7 .as_integer_ratio() }}{{ 2.5.conjugate() }}{{ 2.5.hex is callable }}",
            "78(7, 1)2.5True"));
  }

  @ParameterizedTest
  @MethodSource("constructs")
  void construct_givesWhatJinja2Gives(String source, String expected) {
    assertEquals(expected, Template.parse(source).render(Map.of(), NOW));
  }
}
