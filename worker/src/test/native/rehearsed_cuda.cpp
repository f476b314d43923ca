// Two GPUs rehearsed on a machine that has none: torch built for the CPU gets devices cuda:0 and cuda:1 whose memory and
// arithmetic are the CPU's. All else is as on a GPU: they are not CPU tensors, so kernels take their other branches, and
// an operation on tensors of two devices fails. Their memory is counted and limited, copies between devices are recorded,
// and an operation can be made to break the device:
//   REHEARSED_CUDA_BYTES       what a device holds at most
//   REHEARSED_CUDA_LOG         a file that gets a line of JSON for each copy between devices
//   REHEARSED_CUDA_FAIL        aten::mm or aten::mm:3: the first or third call breaks the device for good
//   REHEARSED_CUDA_CAPABILITY  9.0
// Built with -DBACKEND=PrivateUse1 it serves beside a torch that was built for CUDA, in Python.
// Not rehearsed: streams, random numbers made on a device, and the allocator's blocks.
#include "rehearsed_cuda.h"

#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include "copies.h"
#include "devices.h"

namespace rehearsed {
namespace {
constexpr auto TYPE = c10::DeviceType::BACKEND;
thread_local c10::DeviceIndex current = 0;

bool on_device(const at::Tensor& t) { return t.device().type() == TYPE; }

// What lies under a device's storage: a storage of the CPU, counted as the device's.
struct Block {
  Block(c10::Storage of, c10::Device at) : host(std::move(of)), device(at.index()), bytes(host.nbytes()) {
    TORCH_CHECK_WITH(OutOfMemoryError, memory[device].take(bytes), "CUDA out of memory. Tried to allocate ", bytes,
        " bytes. GPU ", int(device), " has a total capacity of ", memory[device].limit.load(), " bytes of which ",
        memory[device].limit - memory[device].held, " bytes are free. Of the allocated memory ",
        memory[device].held.load(), " bytes are allocated by PyTorch (rehearsed).");
  }
  ~Block() { memory[device].give_back(bytes); }

  const c10::Storage host;
  const c10::DeviceIndex device;
  const int64_t bytes;
};

c10::DataPtr device_pointer(const c10::Storage& host, c10::Device device) {
  auto* block = new Block(host, device);
  return {const_cast<void*>(host.data()), block, [](void* p) { delete static_cast<Block*>(p); }, device};
}

const c10::Storage& host_storage(const at::Tensor& t) {
  return static_cast<Block*>(t.storage().data_ptr().get_context())->host;
}

void set_shape(const at::Tensor& t, const at::Tensor& like) {
  t.unsafeGetTensorImpl()->set_sizes_and_strides(like.sizes(), like.strides(), like.storage_offset());
}

at::Tensor tensor_of(c10::Storage storage, c10::DispatchKey key, const at::Tensor& like) {
  auto t = at::detail::make_tensor<c10::TensorImpl>(std::move(storage), c10::DispatchKeySet(key), like.dtype());
  set_shape(t, like);
  return t;
}

// One call of an operation: its tensors as the CPU's, the CPU's operation, and what came of it as the device's.
class Call {
 public:
  Call(const c10::OperatorHandle& operation, torch::jit::Stack* stack)
      : operation_(operation), stack_(stack), name_(operation.schema().name()), copies_(name_ == "aten::copy_") {}

  void run() {
    count_towards_failure(name_);
    TORCH_CHECK(!broken, ILLEGAL_ACCESS);
    size_t inputs = operation_.schema().arguments().size();
    if (copies_) record_copy(inputs);
    for (size_t i = 0; i < inputs; i++) bring_down(i, stack_->at(stack_->size() - inputs + i));
    TORCH_CHECK(copies_ || !device_ || !host_tensor_, mixed(*device_, c10::kCPU));
    {
      at::AutoDispatchBelowADInplaceOrView below;
      operation_.callBoxed(stack_);
    }
    for (auto& pair : pairs_) follow_resize(pair.device, pair.host);
    size_t outputs = operation_.schema().returns().size();
    for (size_t i = stack_->size() - outputs; i < stack_->size(); i++)
      stack_->at(i) = each_tensor(stack_->at(i), [&](const at::Tensor& t) { return to_device(t); });
  }

 private:
  struct Pair {
    at::Tensor device, host;
  };

  std::string mixed(c10::Device a, c10::Device b) const {
    return c10::str("Expected all tensors to be on the same device, but found at least two devices, ", a, " and ", b,
        "! (", name_, ")");
  }

  void record_copy(size_t inputs) {
    const auto& to = stack_->at(stack_->size() - inputs).toTensor();
    const auto& from = stack_->at(stack_->size() - inputs + 1).toTensor();
    if (to.device() != from.device()) copies().add(name_, from, from.device(), to.device());
  }

  void bring_down(size_t argument, c10::IValue& value) {
    if (value.isDevice()) {
      asked_ = value.toDevice();
      if (asked_->type() != TYPE) return;
      if (!asked_->has_index()) asked_ = c10::Device(TYPE, current);
      value = c10::Device(c10::kCPU);
      return;
    }
    const auto* alias = operation_.schema().arguments()[argument].alias_info();
    bool written = alias && alias->isWrite();
    value = each_tensor(value, [&](const at::Tensor& t) { return to_host(t, written); });
  }

  // A number of the CPU's may take part, as in CUDA's elementwise kernels, unless it is what is written.
  at::Tensor to_host(const at::Tensor& t, bool written) {
    if (!t.defined()) return t;
    if (!on_device(t)) {
      host_tensor_ |= t.dim() > 0 || written;
      kept_.push_back(t);
      return t;
    }
    if (name_ == "aten::_local_scalar_dense" || name_ == "aten::equal" || name_ == "aten::nonzero")
      copies().add(name_, t, t.device(), c10::kCPU);
    TORCH_CHECK(!device_ || *device_ == t.device() || copies_, mixed(*device_, t.device()));
    if (!device_) device_ = t.device();
    for (auto& pair : pairs_)
      if (pair.device.is_same(t)) return pair.host;
    pairs_.push_back({t, tensor_of(host_storage(t), c10::DispatchKey::CPU, t)});
    return pairs_.back().host;
  }

  // What an operation wrote to or viewed stays the same tensor or storage.
  at::Tensor to_device(const at::Tensor& t) {
    if (!t.defined() || on_device(t)) return t;
    for (auto& kept : kept_)
      if (kept.is_same(t)) return t;
    for (auto& pair : pairs_)
      if (pair.host.is_same(t)) return pair.device;
    for (auto& pair : pairs_)
      if (pair.host.storage().unsafeGetStorageImpl() == t.storage().unsafeGetStorageImpl())
        return tensor_of(pair.device.storage(), c10::DispatchKey::BACKEND, t);
    auto device = asked_ ? *asked_ : *device_;
    if (device.is_cpu()) return t;
    c10::Storage storage(c10::Storage::use_byte_size_t(), t.storage().nbytes(), device_pointer(t.storage(), device));
    return tensor_of(std::move(storage), c10::DispatchKey::BACKEND, t);
  }

  static void follow_resize(const at::Tensor& device, const at::Tensor& host) {
    if (device.sizes() != host.sizes() || device.strides() != host.strides()) set_shape(device, host);
    auto* storage = device.storage().unsafeGetStorageImpl();
    if (storage->nbytes() == host.storage().nbytes()) return;
    storage->set_data_ptr_noswap(device_pointer(host.storage(), device.device()));
    storage->set_nbytes(host.storage().nbytes());
  }

  template <typename Turn>
  static c10::IValue each_tensor(const c10::IValue& value, Turn turn) {
    if (value.isTensor()) return turn(value.toTensor());
    if (value.isTensorList()) {
      c10::List<at::Tensor> turned;
      for (const auto& t : value.toTensorVector()) turned.push_back(turn(t));
      return turned;
    }
    if (value.isOptionalTensorList()) {
      c10::List<std::optional<at::Tensor>> turned;
      for (const auto& t : value.toOptionalTensorVector()) turned.push_back(t ? std::make_optional(turn(*t)) : std::nullopt);
      return turned;
    }
    return value;
  }

  const c10::OperatorHandle& operation_;
  torch::jit::Stack* stack_;
  const std::string name_;
  const bool copies_;
  std::vector<Pair> pairs_;
  std::vector<at::Tensor> kept_;  // the CPU's own
  std::optional<c10::Device> device_, asked_;  // of the tensors; of the result, where an argument names it
  bool host_tensor_ = false;
};

at::Tensor& set_storage(at::Tensor& t, at::Storage storage, int64_t offset, c10::IntArrayRef size, c10::IntArrayRef stride) {
  TORCH_CHECK(t.device() == storage.device(), "Expected all tensors to be on the same device, but found at least two devices, ",
      t.device(), " and ", storage.device(), "! (aten::set_)");
  t.unsafeGetTensorImpl()->set_storage_keep_dtype(std::move(storage));
  t.unsafeGetTensorImpl()->set_sizes_and_strides(size, stride, offset);
  return t;
}

struct Guard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return TYPE; }
  c10::Device getDevice() const override { return {TYPE, current}; }
  void setDevice(c10::Device device) const override {
    TORCH_CHECK(device.index() < DEVICES, "CUDA error: invalid device ordinal");
    uncheckedSetDevice(device);
  }
  void uncheckedSetDevice(c10::Device device) const noexcept override {
    if (device.has_index()) current = device.index();
  }
  c10::Device exchangeDevice(c10::Device device) const override {
    c10::Device before = getDevice();
    setDevice(device);
    return before;
  }
  c10::Stream getStream(c10::Device device) const override { return c10::Stream(c10::Stream::DEFAULT, device); }
  c10::Stream exchangeStream(c10::Stream stream) const override { return stream; }
  c10::DeviceIndex deviceCount() const noexcept override { return DEVICES; }
  void synchronizeDevice(c10::DeviceIndex) const override {}
};
C10_REGISTER_GUARD_IMPL(BACKEND, Guard)

void run_boxed(const c10::OperatorHandle& operation, torch::jit::Stack* stack) { on_host(operation, stack); }

TORCH_LIBRARY_IMPL(_, BACKEND, library) { library.fallback(torch::CppFunction::makeFromBoxedFunction<&run_boxed>()); }

TORCH_LIBRARY_IMPL(aten, BACKEND, library) {
  library.impl("set_.source_Storage_storage_offset", set_storage);
  // Made of others in torch, which a build for the CPU lacks on a GPU.
  library.impl("copy_", torch::CppFunction::makeFromBoxedFunction<&run_boxed>());
  library.impl("convolution", torch::CppFunction::makeFromBoxedFunction<&run_boxed>());
}
}  // namespace

void on_host(const c10::OperatorHandle& operation, torch::jit::Stack* stack) { Call(operation, stack).run(); }

Copies& copies() {
  static Copies all;
  return all;
}
}  // namespace rehearsed

extern "C" void rehearsed_log(const char* path) { rehearsed::copies().open(path ? path : ""); }

#ifdef REHEARSE_CUDA  // torch finds these by the name of the class.
namespace at {
struct CUDAHooks final : CUDAHooksInterface {
  explicit CUDAHooks(CUDAHooksArgs) {}
  void init() const override {}
  bool hasCUDA() const override { return true; }
  bool hasPrimaryContext(DeviceIndex) const override { return true; }
  DeviceIndex deviceCount() const override { return rehearsed::DEVICES; }
  DeviceIndex current_device() const override { return rehearsed::current; }
  Allocator* getPinnedMemoryAllocator() const override { return c10::GetCPUAllocator(); }
};
REGISTER_CUDA_HOOKS(CUDAHooks);
}  // namespace at
#endif
