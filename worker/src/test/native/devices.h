// What the rehearsed GPUs are and what they hold: torch's side (rehearsed_cuda.cpp) and the driver's (rehearsed_driver.cpp)
// answer from here. Tests set limits and read counters by the functions at the end of rehearsed_driver.cpp.
#pragma once
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace rehearsed {
constexpr int DEVICES = 2;
constexpr int64_t NO_LIMIT = int64_t{80} << 30;  // what a large GPU has

inline int64_t limit_from_environment() {
  const char* bytes = std::getenv("REHEARSED_CUDA_BYTES");
  return bytes ? std::atoll(bytes) : NO_LIMIT;
}

struct Memory {
  std::atomic<int64_t> held{0};
  std::atomic<int64_t> peak{0};
  std::atomic<int64_t> limit{limit_from_environment()};

  // False where it does not fit; nothing is held then.
  bool take(int64_t bytes) {
    int64_t now = held += bytes;
    if (now > limit) {
      held -= bytes;
      return false;
    }
    int64_t seen = peak;
    while (now > seen && !peak.compare_exchange_weak(seen, now)) {
    }
    return true;
  }
  void give_back(int64_t bytes) { held -= bytes; }
};

inline Memory memory[DEVICES];

// An error after which CUDA answers nothing but errors: the process has to end.
inline std::atomic<bool> broken{false};
constexpr const char* ILLEGAL_ACCESS =
    "CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronously reported at some "
    "other API call, so the stacktrace below might be incorrect.\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1\n";

// Breaks the device at the call that REHEARSED_CUDA_FAIL names.
inline void count_towards_failure(const std::string& operation) {
  static const std::string asked = std::getenv("REHEARSED_CUDA_FAIL") ? std::getenv("REHEARSED_CUDA_FAIL") : "";
  static const size_t count_at = asked.find(':', asked.find("::") + 2);
  static std::atomic<int> left{count_at == std::string::npos ? 1 : std::atoi(asked.c_str() + count_at + 1)};
  if (!asked.empty() && operation == asked.substr(0, count_at) && --left == 0) broken = true;
}

// 90 for compute capability 9.0
inline int capability() {
  const char* given = std::getenv("REHEARSED_CUDA_CAPABILITY");
  std::string text = given ? given : "9.0";
  size_t dot = text.find('.');
  return 10 * std::atoi(text.c_str()) + (dot == std::string::npos ? 0 : std::atoi(text.c_str() + dot + 1));
}
}  // namespace rehearsed
