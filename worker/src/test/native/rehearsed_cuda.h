#pragma once
#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

namespace rehearsed {
// Runs an operation of a rehearsed device by the CPU's kernel.
void on_host(const c10::OperatorHandle& operation, torch::jit::Stack* stack);
}  // namespace rehearsed
