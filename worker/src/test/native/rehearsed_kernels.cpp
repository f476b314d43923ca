// Operations that only CUDA has, or that ask more of their arguments there. What CUDA refuses is refused in its words.
#include <torch/library.h>

#include "devices.h"
#include "rehearsed_cuda.h"

namespace rehearsed {
namespace {
at::Tensor int_mm(const at::Tensor& a, const at::Tensor& b) {
  TORCH_CHECK(a.size(0) > 16, "self.size(0) needs to be greater than 16, but got ", a.size(0));
  TORCH_CHECK(a.size(1) > 0 && a.size(1) % 8 == 0,
      "self.size(1) needs to be greater than 0 and a multiple of 8, but got ", a.size(1));
  TORCH_CHECK(b.size(1) > 0 && b.size(1) % 8 == 0,
      "mat2.size(1) needs to be greater than 0 and a multiple of 8, but got ", b.size(1));
  torch::jit::Stack stack{a, b};
  on_host(c10::Dispatcher::singleton().findSchemaOrThrow("aten::_int_mm", ""), &stack);
  return stack.back().toTensor();
}

bool is_fp8(const at::Tensor& t) { return t.element_size() == 1 && t.is_floating_point(); }

// a [m, k] · b [k, n], row by column, of fp8, with one scale for all or one for each row of a and each column of b.
at::Tensor scaled_mm(const at::Tensor& a, const at::Tensor& b, const at::Tensor& scale_a, const at::Tensor& scale_b,
    const std::optional<at::Tensor>& bias, const std::optional<at::Tensor>&, std::optional<at::ScalarType> out_dtype, bool) {
  TORCH_CHECK(capability() >= 89, "torch._scaled_mm is only supported on CUDA devices with compute capability >= 9.0 or 8.9");
  TORCH_CHECK(is_fp8(a) && is_fp8(b), "Expected both matrices to be fp8");
  TORCH_CHECK(a.size(1) % 16 == 0, "Expected trailing dimension of mat1 to be divisible by 16 but got mat1 shape: ", a.sizes());
  TORCH_CHECK(b.size(0) % 16 == 0 && b.size(1) % 16 == 0, "mat2 shape (", b.sizes(), ") must be divisible by 16");
  TORCH_CHECK(a.stride(1) == 1 && b.stride(0) == 1,
      "Only multiplication of row-major and column-major matrices is supported by cuBLASLt");
  TORCH_CHECK(scale_a.scalar_type() == at::kFloat && scale_b.scalar_type() == at::kFloat, "Both scales must be float32");
  bool of_rows = scale_a.numel() != 1 || scale_b.numel() != 1;
  auto dtype = out_dtype.value_or(a.scalar_type());
  if (of_rows) {
    TORCH_CHECK(scale_a.sizes() == at::IntArrayRef({a.size(0), 1}) && scale_b.sizes() == at::IntArrayRef({1, b.size(1)}),
        "Invalid scaling configuration. For RowWise scaling scale_a should be (", a.size(0), ", 1) and scale_b (1, ",
        b.size(1), "). Got ", scale_a.sizes(), " and ", scale_b.sizes());
    TORCH_CHECK(scale_a.is_contiguous() && scale_b.is_contiguous(), "Both scales must be contiguous for RowWise scaling.");
    TORCH_CHECK(dtype == at::kBFloat16, "Only bf16 high precision output types are supported for row-wise scaling.");
  }
  if (bias) {
    TORCH_CHECK(dtype != at::kFloat, "Bias is not supported when out_dtype is set to Float32");
    TORCH_CHECK(bias->scalar_type() == at::kBFloat16 || bias->scalar_type() == at::kHalf,
        "Bias must be either Half or BFloat16, but got ", bias->scalar_type());
  }
  auto y = at::mm(a.to(at::kFloat), b.to(at::kFloat)).mul_(scale_a).mul_(scale_b);
  if (bias) y.add_(*bias);
  return y.to(dtype);
}

// CUDA's fused attentions keep the heads of a token together: [B, H, S, d] over the memory of [B, S, H, d].
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const std::optional<at::Tensor>& bias,
    double dropout, bool causal, std::optional<double> scale) {
  TORCH_CHECK(q.dim() == 4 && q.stride(3) == 1 && k.stride(3) == 1 && v.stride(3) == 1,
      "fused attention wants [B, H, S, d] whose last dimension is contiguous");
  TORCH_CHECK(dropout == 0, "dropout is not rehearsed");
  auto y = std::get<0>(at::_scaled_dot_product_attention_math(q, k, v, bias, 0., causal, std::nullopt, scale));
  return y.transpose(1, 2).contiguous().transpose(1, 2);
}

at::Tensor none(const at::Tensor& q) { return at::empty({0}, q.options().dtype(at::kLong)); }

std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor, c10::SymInt, c10::SymInt, at::Tensor, at::Tensor, at::Tensor>
flash(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, double dropout, bool causal, bool,
    std::optional<double> scale) {
  TORCH_CHECK(capability() >= 80, "FlashAttention only supports Ampere GPUs or newer.");
  TORCH_CHECK(q.scalar_type() == at::kHalf || q.scalar_type() == at::kBFloat16,
      "FlashAttention only support fp16 and bf16 data type");
  TORCH_CHECK(q.size(3) <= 256 && q.size(3) % 8 == 0, "FlashAttention forward only supports head dimension at most 256");
  return {attention(q, k, v, std::nullopt, dropout, causal, scale), none(q), at::Tensor(), at::Tensor(), q.size(2),
      k.size(2), none(q), none(q), none(q)};
}

std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor> efficient(const at::Tensor& q, const at::Tensor& k,
    const at::Tensor& v, const std::optional<at::Tensor>& bias, bool, double dropout, bool causal, std::optional<double> scale) {
  int64_t aligned = q.scalar_type() == at::kFloat ? 4 : 8;
  TORCH_CHECK(q.size(3) % aligned == 0 && v.size(3) % aligned == 0, "the head dimension is not aligned: ", q.size(3));
  return {attention(q, k, v, bias, dropout, causal, scale), none(q), none(q), none(q)};
}

TORCH_LIBRARY_IMPL(aten, BACKEND, library) {
  library.impl("_int_mm", int_mm);
  library.impl("_scaled_mm", scaled_mm);
  library.impl("_scaled_dot_product_flash_attention", flash);
  library.impl("_scaled_dot_product_efficient_attention", efficient);
}
}  // namespace
}  // namespace rehearsed
