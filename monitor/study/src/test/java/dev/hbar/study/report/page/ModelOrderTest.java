package dev.hbar.study.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelOrderTest {
  @Test
  void quantizationsOfOneModel_standTogetherMostBitsFirst() {
    assertEquals(
        List.of(
            "Llama-3.2-3B-Instruct-4bit",
            "SmolLM2-135M-Instruct",
            "SmolLM2-135M-Instruct-8bit",
            "SmolLM2-135M-Instruct-4bit",
            "SmolLM2-135M-Instruct-3bit",
            "qwen2.5-7b_validation_n500"),
        Stream.of(
                "qwen2.5-7b_validation_n500",
                "SmolLM2-135M-Instruct-3bit",
                "SmolLM2-135M-Instruct-4bit",
                "SmolLM2-135M-Instruct",
                "Llama-3.2-3B-Instruct-4bit",
                "SmolLM2-135M-Instruct-8bit")
            .sorted(Study.Model.NAME_ORDER)
            .toList());
  }
}
