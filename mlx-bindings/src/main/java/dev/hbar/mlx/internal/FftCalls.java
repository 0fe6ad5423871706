package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.fft_h;
import java.lang.foreign.MemorySegment;

/** Fourier transforms. */
public final class FftCalls {
  private FftCalls() {}

  public static ArrayHandle fft(ArrayHandle a, int n, int axis, int norm) {
    return NativeCall.array(
        "mlx_fft_fft", o -> fft_h.mlx_fft_fft(o, a.struct(), n, axis, norm, Execution.stream()), a);
  }

  public static ArrayHandle ifft(ArrayHandle a, int n, int axis, int norm) {
    return NativeCall.array(
        "mlx_fft_ifft",
        o -> fft_h.mlx_fft_ifft(o, a.struct(), n, axis, norm, Execution.stream()),
        a);
  }

  public static ArrayHandle rfft(ArrayHandle a, int n, int axis, int norm) {
    return NativeCall.array(
        "mlx_fft_rfft",
        o -> fft_h.mlx_fft_rfft(o, a.struct(), n, axis, norm, Execution.stream()),
        a);
  }

  public static ArrayHandle irfft(ArrayHandle a, int n, int axis, int norm) {
    return NativeCall.array(
        "mlx_fft_irfft",
        o -> fft_h.mlx_fft_irfft(o, a.struct(), n, axis, norm, Execution.stream()),
        a);
  }

  public static ArrayHandle fft2(ArrayHandle a, int[] n, int[] axes, int norm) {
    MemorySegment nInts = Scratch.ints(n);
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_fft_fft2",
        o ->
            fft_h.mlx_fft_fft2(
                o, a.struct(), nInts, n.length, axesInts, axes.length, norm, Execution.stream()),
        a);
  }

  public static ArrayHandle ifft2(ArrayHandle a, int[] n, int[] axes, int norm) {
    MemorySegment nInts = Scratch.ints(n);
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_fft_ifft2",
        o ->
            fft_h.mlx_fft_ifft2(
                o, a.struct(), nInts, n.length, axesInts, axes.length, norm, Execution.stream()),
        a);
  }

  public static ArrayHandle rfft2(ArrayHandle a, int[] n, int[] axes, int norm) {
    MemorySegment nInts = Scratch.ints(n);
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_fft_rfft2",
        o ->
            fft_h.mlx_fft_rfft2(
                o, a.struct(), nInts, n.length, axesInts, axes.length, norm, Execution.stream()),
        a);
  }

  public static ArrayHandle irfft2(ArrayHandle a, int[] n, int[] axes, int norm) {
    MemorySegment nInts = Scratch.ints(n);
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_fft_irfft2",
        o ->
            fft_h.mlx_fft_irfft2(
                o, a.struct(), nInts, n.length, axesInts, axes.length, norm, Execution.stream()),
        a);
  }

  public static ArrayHandle fftn(ArrayHandle a, int[] n, int[] axes, int norm) {
    MemorySegment nInts = Scratch.ints(n);
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_fft_fftn",
        o ->
            fft_h.mlx_fft_fftn(
                o, a.struct(), nInts, n.length, axesInts, axes.length, norm, Execution.stream()),
        a);
  }

  public static ArrayHandle ifftn(ArrayHandle a, int[] n, int[] axes, int norm) {
    MemorySegment nInts = Scratch.ints(n);
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_fft_ifftn",
        o ->
            fft_h.mlx_fft_ifftn(
                o, a.struct(), nInts, n.length, axesInts, axes.length, norm, Execution.stream()),
        a);
  }

  public static ArrayHandle rfftn(ArrayHandle a, int[] n, int[] axes, int norm) {
    MemorySegment nInts = Scratch.ints(n);
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_fft_rfftn",
        o ->
            fft_h.mlx_fft_rfftn(
                o, a.struct(), nInts, n.length, axesInts, axes.length, norm, Execution.stream()),
        a);
  }

  public static ArrayHandle irfftn(ArrayHandle a, int[] n, int[] axes, int norm) {
    MemorySegment nInts = Scratch.ints(n);
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_fft_irfftn",
        o ->
            fft_h.mlx_fft_irfftn(
                o, a.struct(), nInts, n.length, axesInts, axes.length, norm, Execution.stream()),
        a);
  }

  public static ArrayHandle fftshift(ArrayHandle a, int... axes) {
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_fft_fftshift",
        o -> fft_h.mlx_fft_fftshift(o, a.struct(), axesInts, axes.length, Execution.stream()),
        a);
  }

  public static ArrayHandle ifftshift(ArrayHandle a, int... axes) {
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_fft_ifftshift",
        o -> fft_h.mlx_fft_ifftshift(o, a.struct(), axesInts, axes.length, Execution.stream()),
        a);
  }

  public static ArrayHandle fftfreq(int n, double d) {
    return NativeCall.array(
        "mlx_fft_fftfreq", o -> fft_h.mlx_fft_fftfreq(o, n, d, Execution.stream()));
  }

  public static ArrayHandle rfftfreq(int n, double d) {
    return NativeCall.array(
        "mlx_fft_rfftfreq", o -> fft_h.mlx_fft_rfftfreq(o, n, d, Execution.stream()));
  }
}
