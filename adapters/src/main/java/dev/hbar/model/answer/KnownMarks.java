package dev.hbar.model.answer;

import dev.hbar.model.answer.AnswerFormat.Marks;
import java.util.List;

/** The marks of the published families. */
final class KnownMarks {
  /** DeepSeek's templates put marks together of this and other pieces. */
  static final String DSML = "｜DSML｜";

  /** Nemotron, Qwen, GLM, DeepSeek; Mistral; Command; Apertus; Seed; Gemma 4. */
  static final List<Marks> REASONING =
      List.of(
          new Marks("<think>", "</think>"),
          new Marks("[THINK]", "[/THINK]"),
          new Marks("<|START_THINKING|>", "<|END_THINKING|>"),
          new Marks("<|inner_prefix|>", "<|inner_suffix|>"),
          new Marks("<seed:think>", "</seed:think>"),
          new Marks("<|channel>thought\n", "<channel|>"));

  static final List<Marks> CALLS =
      List.of(
          new Marks("<tool_call>", "</tool_call>"),
          new Marks("<tool_calls>", "</tool_calls>"),
          new Marks("[TOOL_CALLS]", ""),
          new Marks("<|tool_call_start|>", "<|tool_call_end|>"),
          new Marks("<|tool_call>", "<tool_call|>"),
          new Marks("<start_function_call>", "<end_function_call>"),
          new Marks("<|START_ACTION|>", "<|END_ACTION|>"),
          new Marks("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"),
          new Marks("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"),
          new Marks("<seed:tool_call>", "</seed:tool_call>"),
          new Marks("<minimax:tool_call>", "</minimax:tool_call>"),
          new Marks("<｜DSML｜function_calls>", "</｜DSML｜function_calls>"),
          new Marks("<｜DSML｜tool_calls>", "</｜DSML｜tool_calls>"),
          new Marks("<atem:function_calls>", "</atem:function_calls>"),
          new Marks("<TOOLCALL>", "</TOOLCALL>"),
          new Marks("<|tools_prefix|>", "<|tools_suffix|>"));

  private KnownMarks() {}
}
