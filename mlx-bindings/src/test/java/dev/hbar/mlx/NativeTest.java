package dev.hbar.mlx;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test on real MLX: it runs on the owner thread and must leave as many arrays open as it found.
 * Without the library it is skipped with the reason, or fails when {@code
 * -Dhbar.native.required=true}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("native")
@ExtendWith(MlxExtension.class)
public @interface NativeTest {}
