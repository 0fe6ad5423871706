package dev.hbar.model.tokenizer;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The library in a process of its own, one for all tokenizers of this one. A text over which it
 * ends is a fault of that call; the next call finds a new process with the tokenizer opened again.
 */
final class WorkerCalls implements TokenizerCalls {

  private final Map<Long, Opened> open = new HashMap<>();
  private WorkerProcess process;
  private long last;

  /** A tokenizer, and where it was opened last. */
  private static final class Opened {
    private final String json;
    private WorkerProcess process;
    private long handle;

    private Opened(String json) {
      this.json = json;
    }
  }

  @Override
  public synchronized long open(String json) {
    Opened opened = new Opened(json);
    inThisProcess(opened);
    last++;
    open.put(last, opened);
    return last;
  }

  @Override
  public synchronized int[] encode(long handle, String text, boolean addSpecialTokens) {
    Opened opened = inThisProcess(open.get(handle));
    return process.call(
        out -> {
          head(out, TokenizerWorker.ENCODE, opened);
          out.writeBoolean(addSpecialTokens);
          TokenizerWorker.writeText(out, text);
        },
        TokenizerWorker::readIds);
  }

  @Override
  public synchronized String decode(long handle, int[] ids, boolean skipSpecialTokens) {
    Opened opened = inThisProcess(open.get(handle));
    return process.call(
        out -> {
          head(out, TokenizerWorker.DECODE, opened);
          out.writeBoolean(skipSpecialTokens);
          TokenizerWorker.writeIds(out, ids);
        },
        TokenizerWorker::readText);
  }

  @Override
  public synchronized void close(long handle) {
    Opened opened = open.remove(handle);
    if (opened.process == process && process.isAlive()) {
      process.call(out -> head(out, TokenizerWorker.CLOSE, opened), TokenizerWorker::readText);
    }
  }

  private static void head(DataOutputStream out, int request, Opened opened) throws IOException {
    out.writeByte(request);
    out.writeLong(opened.handle);
  }

  private Opened inThisProcess(Opened opened) {
    if (process == null || !process.isAlive()) {
      process = WorkerProcess.start(TokenizerLibrary.file());
    }
    if (opened.process != process) {
      opened.handle =
          process.call(
              out -> {
                out.writeByte(TokenizerWorker.OPEN);
                TokenizerWorker.writeText(out, opened.json);
              },
              in -> in.readLong());
      opened.process = process;
    }
    return opened;
  }
}
