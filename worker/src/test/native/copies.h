// The record of what is copied between devices: a line of JSON for each copy, in the file that REHEARSED_CUDA_LOG names
// or that rehearsed_log(path) opened.
#pragma once
#include <ATen/ATen.h>
#include <fstream>
#include <mutex>

namespace rehearsed {
class Copies {
 public:
  Copies() {
    if (const char* path = std::getenv("REHEARSED_CUDA_LOG")) open(path);
  }

  // An empty path closes.
  void open(const std::string& path) {
    std::lock_guard<std::mutex> lock(mutex_);
    file_ = path.empty() ? std::ofstream() : std::ofstream(path, std::ios::app);
  }

  // by is the operation: a copy, or one that brings a number to the host and so waits for the device.
  void add(const std::string& by, const at::Tensor& moved, c10::Device from, c10::Device to) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!file_.is_open()) return;
    file_ << "{\"by\": \"" << by << "\", \"from\": \"" << from << "\", \"to\": \"" << to << "\", \"shape\": [";
    for (int64_t i = 0; i < moved.dim(); i++) file_ << (i ? ", " : "") << moved.size(i);
    file_ << "], \"bytes\": " << moved.numel() * moved.element_size() << "}" << std::endl;
  }

 private:
  std::mutex mutex_;
  std::ofstream file_;
};

Copies& copies();
}  // namespace rehearsed
