package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayData;
import dev.hbar.mlx.internal.ArrayHandle;
import dev.hbar.mlx.internal.Execution;
import dev.hbar.mlx.internal.ShapeCalls;
import dev.hbar.mlx.internal.StreamCalls;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Owns arrays: the scope that an operation is called in owns its result, closing a scope frees all
 * it owns, and {@link #keep} moves a result to the parent. Scopes form a tree: process, model, run,
 * step. Owner thread only.
 *
 * <p>After an error inside an evaluation MLX marks arrays as available that hold garbage, so the
 * scope, its parents up to a sealed one, and all their children are poisoned: they can only be
 * closed.
 */
public final class MlxScope implements AutoCloseable {
  private final String name;
  private final MlxScope parent;
  private final OwnedArrays arrays = new OwnedArrays(this);
  private final List<MlxScope> children = new ArrayList<>();
  private final MlxOps ops = new MlxOps(this);
  private final MlxFast fast = new MlxFast(this);
  private final MlxQuantized quantized = new MlxQuantized(this);
  private boolean traced;
  private boolean sealed;
  private boolean closed;
  private String poison = "";

  private MlxScope(String name, MlxScope parent) {
    this.name = name;
    this.parent = parent;
  }

  /** A root scope, such as a model's; the process is its parent. */
  public static MlxScope open(String name) {
    MlxThread.requireOwner();
    return new MlxScope(name, null);
  }

  /** A scope inside this one; closed with it at the latest. A sealed scope may have children. */
  public MlxScope child(String childName) {
    requireUsable();
    MlxScope child = new MlxScope(childName, this);
    child.traced = traced;
    children.add(child);
    return child;
  }

  /** A scope inside this one whose arrays have shapes but no elements. */
  MlxScope trace() {
    MlxScope trace = child("trace");
    trace.traced = true;
    return trace;
  }

  boolean isTrace() {
    return traced;
  }

  /**
   * From now on an array attached to this scope is an error at its line. For a model after loading.
   */
  public void seal() {
    check();
    sealed = true;
  }

  /** The operations of every day; results belong to this scope. */
  public MlxOps ops() {
    return ops;
  }

  /** MLX's fused kernels. */
  public MlxFast fast() {
    return fast;
  }

  /** Packed weights. */
  public MlxQuantized quantized() {
    return quantized;
  }

  /** Draws from explicit keys. */
  public MlxRandom random() {
    return new MlxRandom(this);
  }

  /** Exchange between processes. */
  public MlxDistributed distributed() {
    return new MlxDistributed(this);
  }

  /** Elementwise functions beyond {@link #ops}. */
  public MlxMath math() {
    return new MlxMath(this);
  }

  /** Predicates, comparisons and bits. */
  public MlxLogic logic() {
    return new MlxLogic(this);
  }

  /** Reductions over all elements or several axes. */
  public MlxReduce reduce() {
    return new MlxReduce(this);
  }

  /** Running values and order. */
  public MlxScan scan() {
    return new MlxScan(this);
  }

  /** What reorders, cuts, joins and pads. */
  public MlxShape shapes() {
    return new MlxShape(this);
  }

  /** Arrays from a shape or a rule. */
  public MlxCreate create() {
    return new MlxCreate(this);
  }

  /** Reads and writes by index arrays. */
  public MlxIndex index() {
    return new MlxIndex(this);
  }

  /** Products of matrices and tensors. */
  public MlxProducts products() {
    return new MlxProducts(this);
  }

  /** Linear algebra. */
  public MlxLinalg linalg() {
    return new MlxLinalg(this);
  }

  /** Fourier transforms. */
  public MlxFft fft() {
    return new MlxFft(this);
  }

  /** Convolutions. */
  public MlxConv conv() {
    return new MlxConv(this);
  }

  /** Derivatives of functions written in Java. */
  public MlxGrad grad() {
    return new MlxGrad(this);
  }

  /** What is bound and has no method. */
  public MlxRaw raw() {
    return new MlxRaw(this);
  }

  /** A float32 array of the given shape, copied from {@code values} row by row. */
  public MlxArray floats(float[] values, int... shape) {
    return adopt(ArrayData.ofFloats(values, shape));
  }

  /** An int32 array of the given shape, copied from {@code values} row by row. */
  public MlxArray ints(int[] values, int... shape) {
    return adopt(ArrayData.ofInts(values, shape)).knownAs(IndexRange.of(values));
  }

  /** An array copied from little-endian bytes. */
  public MlxArray bytes(ByteBuffer values, DType dtype, int... shape) {
    return adopt(ArrayData.ofBytes(values, dtype, shape));
  }

  /** A scalar of exactly {@code dtype}: a float32 scalar would widen a float16 model. */
  public MlxArray scalar(float value, DType dtype) {
    if (dtype == DType.FLOAT32) {
      return floats(new float[] {value});
    }
    ArrayHandle wide = ArrayData.ofFloats(new float[] {value});
    try {
      return adopt(ShapeCalls.astype(wide, dtype));
    } finally {
      wide.close();
    }
  }

  /** Evaluates the arrays in one go and waits. */
  public void eval(MlxArray... wanted) {
    evaluate(Execution::eval, wanted);
  }

  /** Submits the arrays for evaluation; an error comes out of whatever evaluates or reads next. */
  public void asyncEval(MlxArray... wanted) {
    evaluate(Execution::asyncEval, wanted);
  }

  /** Waits for all that was submitted to {@code stream}; an error of that work comes out here. */
  public void synchronize(MlxStream stream) {
    requireUsable();
    evaluating(() -> StreamCalls.synchronize(stream.handle()));
  }

  @FunctionalInterface
  private interface Evaluation {
    void of(ArrayHandle... arrays);
  }

  private void evaluate(Evaluation evaluation, MlxArray... wanted) {
    requireUsable();
    ArrayHandle[] handles = new ArrayHandle[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      handles[i] = wanted[i].handle();
    }
    evaluating(() -> evaluation.of(handles));
  }

  /** Moves the array to the parent scope and returns it. */
  public MlxArray keep(MlxArray array) {
    check();
    if (array.owner() != this) {
      throw new IllegalStateException(
          "array belongs to scope " + array.owner().name + ", not " + name);
    }
    if (parent == null) {
      throw new IllegalStateException("scope " + name + " has no parent to keep an array in");
    }
    parent.attach(array);
    array.moveTo(parent);
    return array;
  }

  MlxArray adopt(ArrayHandle handle) {
    MlxArray array = new MlxArray(handle, this);
    try {
      attach(array);
    } catch (RuntimeException refused) {
      handle.close();
      throw refused;
    }
    return array;
  }

  /** Results of one call; all are freed when the scope does not take them. */
  List<MlxArray> adoptAll(ArrayHandle... handles) {
    List<MlxArray> adopted = new ArrayList<>();
    try {
      for (ArrayHandle handle : handles) {
        adopted.add(adopt(handle));
      }
    } catch (RuntimeException refused) {
      for (ArrayHandle handle : handles) {
        handle.close();
      }
      throw refused;
    }
    return adopted;
  }

  private void attach(MlxArray array) {
    check();
    if (sealed) {
      throw new IllegalStateException(
          "scope " + name + " is sealed: attach to a run or step scope");
    }
    arrays.add(array);
  }

  /** For building on the scope's arrays: after an error in an evaluation they may hold garbage. */
  void requireUsable() {
    check();
    if (!poison.isEmpty()) {
      throw new MlxException(
          "mlx_eval", "scope " + name + " can only be closed after an earlier error: " + poison);
    }
  }

  void check() {
    MlxThread.requireOwner();
    if (closed) {
      throw new IllegalStateException("scope " + name + " is closed");
    }
  }

  void evaluating(Runnable evaluation) {
    try {
      evaluation.run();
    } catch (MlxException failed) {
      MlxScope top = this;
      while (top.parent != null && !top.parent.sealed) {
        top = top.parent;
      }
      top.poison(failed.getMessage());
      throw failed;
    }
  }

  private void poison(String reason) {
    if (!sealed) {
      poison = reason;
    }
    children.forEach(child -> child.poison(reason));
  }

  /**
   * Closes the children, then frees the arrays in reverse order; goes on after a failing release.
   * Idempotent.
   */
  @Override
  public void close() {
    MlxThread.requireOwner();
    if (closed) {
      return;
    }
    Releases releases = new Releases();
    for (int i = children.size() - 1; i >= 0; i--) {
      releases.close(children.get(i));
    }
    arrays.release(releases);
    closed = true;
    if (parent != null) {
      parent.children.remove(this);
    }
    releases.throwFirst();
  }

  @Override
  public String toString() {
    return parent == null ? name : parent + " > " + name;
  }
}
