// Threads that share the parts of one operation. One takes 10 to 100 microseconds, so a thread that has nothing to
// do looks for more for a while before it sleeps.
#pragma once
#include <immintrin.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

extern "C" int openblas_get_num_threads(void);

namespace hbar {

class Workers {
 public:
  /** As many as OpenBLAS has, the caller among them. They are never stopped: no destructor runs beside a product. */
  static Workers& all() {
    static Workers* workers = new Workers(std::max(1, openblas_get_num_threads()) - 1);
    return *workers;
  }

  int threads() const { return helpers_ + 1; }

  /** Calls work(part) for every part in [0, parts), by several threads at once; returns when all are done. */
  template <class Work>
  void share(int parts, const Work& work) {
    // One product at a time; a second stream's does its own parts alone.
    if (helpers_ == 0 || parts < 2 || !busy_.try_lock()) {
      for (int part = 0; part < parts; part++) work(part);
      return;
    }
    std::lock_guard<std::mutex> one(busy_, std::adopt_lock);
    call_ = [](const void* it, int part) { (*static_cast<const Work*>(it))(part); };
    work_ = &work;
    parts_ = parts;
    next_.store(0, std::memory_order_relaxed);
    running_.store(helpers_, std::memory_order_relaxed);
    round_.fetch_add(1, std::memory_order_seq_cst);
    if (asleep_.load(std::memory_order_seq_cst) > 0) {
      std::lock_guard<std::mutex> lock(sleep_);
      wake_.notify_all();
    }
    take();
    for (int looks = 0; running_.load(std::memory_order_acquire) > 0; looks++) {
      looks < LOOKS ? _mm_pause() : std::this_thread::yield();
    }
  }

 private:
  static constexpr int LOOKS = 2000;

  explicit Workers(int helpers) : helpers_(helpers) {
    for (int i = 0; i < helpers; i++) std::thread([this] { serve(); }).detach();
  }

  void take() {
    for (int part; (part = next_.fetch_add(1, std::memory_order_relaxed)) < parts_;) call_(work_, part);
  }

  void serve() {
    for (unsigned seen = 0;;) {
      for (int looks = 0; round_.load(std::memory_order_seq_cst) == seen; looks++) {
        if (looks < LOOKS) {
          _mm_pause();
          continue;
        }
        std::unique_lock<std::mutex> lock(sleep_);
        asleep_.fetch_add(1, std::memory_order_seq_cst);
        wake_.wait(lock, [&] { return round_.load(std::memory_order_seq_cst) != seen; });
        asleep_.fetch_sub(1, std::memory_order_seq_cst);
      }
      // A round ends only when every helper has said so: none can be left out or go twice.
      seen++;
      take();
      running_.fetch_sub(1, std::memory_order_acq_rel);
    }
  }

  const int helpers_;
  std::mutex busy_, sleep_;
  std::condition_variable wake_;
  std::atomic<int> asleep_{0}, next_{0}, running_{0};
  std::atomic<unsigned> round_{0};
  void (*call_)(const void*, int) = nullptr;
  const void* work_ = nullptr;
  int parts_ = 0;
};

}  // namespace hbar
