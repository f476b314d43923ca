// The part of CUDA's driver interface that asks which GPUs there are and what memory they have free.
// cuda.h is not needed: names, arguments and results are CUDA's stable binary interface.
#include <cstdio>
#include <cstring>

#include "devices.h"

using rehearsed::DEVICES;
using rehearsed::memory;

namespace {
enum Result { SUCCESS = 0, INVALID_VALUE = 1, INVALID_DEVICE = 101, INVALID_CONTEXT = 201, ILLEGAL_ADDRESS = 700 };
enum Attribute { CAPABILITY_MAJOR = 75, CAPABILITY_MINOR = 76 };
constexpr int DRIVER_VERSION = 12060;

// Contexts are numbered from 1, as a null pointer is none.
thread_local int pushed[16];
thread_local int depth = 0;

bool exists(int device) { return device >= 0 && device < DEVICES; }
Result healthy() { return rehearsed::broken ? ILLEGAL_ADDRESS : SUCCESS; }
}  // namespace

extern "C" {
int cuInit(unsigned flags) { return flags == 0 ? SUCCESS : INVALID_VALUE; }

int cuDriverGetVersion(int* version) {
  *version = DRIVER_VERSION;
  return SUCCESS;
}

int cuDeviceGetCount(int* count) {
  *count = DEVICES;
  return SUCCESS;
}

int cuDeviceGet(int* device, int ordinal) {
  if (!exists(ordinal)) return INVALID_DEVICE;
  *device = ordinal;
  return SUCCESS;
}

int cuDeviceGetName(char* name, int length, int device) {
  if (!exists(device)) return INVALID_DEVICE;
  std::snprintf(name, length, "Rehearsed GPU");
  return SUCCESS;
}

int cuDeviceTotalMem_v2(size_t* bytes, int device) {
  if (!exists(device)) return INVALID_DEVICE;
  *bytes = memory[device].limit;
  return SUCCESS;
}

int cuDeviceGetAttribute(int* value, int attribute, int device) {
  if (!exists(device)) return INVALID_DEVICE;
  if (attribute != CAPABILITY_MAJOR && attribute != CAPABILITY_MINOR) return INVALID_VALUE;
  *value = attribute == CAPABILITY_MAJOR ? rehearsed::capability() / 10 : rehearsed::capability() % 10;
  return SUCCESS;
}

int cuDevicePrimaryCtxRetain(void** context, int device) {
  if (!exists(device)) return INVALID_DEVICE;
  *context = reinterpret_cast<void*>(static_cast<intptr_t>(device + 1));
  return healthy();
}

int cuDevicePrimaryCtxRelease_v2(int device) { return exists(device) ? SUCCESS : INVALID_DEVICE; }

int cuCtxPushCurrent_v2(void* context) {
  if (!exists(static_cast<int>(reinterpret_cast<intptr_t>(context)) - 1) || depth == 16) return INVALID_CONTEXT;
  pushed[depth++] = static_cast<int>(reinterpret_cast<intptr_t>(context));
  return healthy();
}

int cuCtxPopCurrent_v2(void** context) {
  if (depth == 0) return INVALID_CONTEXT;
  intptr_t top = pushed[--depth];
  if (context) *context = reinterpret_cast<void*>(top);
  return SUCCESS;
}

int cuMemGetInfo_v2(size_t* free_bytes, size_t* total_bytes) {
  if (depth == 0) return INVALID_CONTEXT;
  auto& device = memory[pushed[depth - 1] - 1];
  *total_bytes = device.limit;
  *free_bytes = device.limit > device.held ? device.limit - device.held : 0;
  return healthy();
}

int cuGetErrorName(int error, const char** name) {
  *name = error == ILLEGAL_ADDRESS ? "CUDA_ERROR_ILLEGAL_ADDRESS" : "CUDA_ERROR_UNKNOWN";
  return SUCCESS;
}

int cuGetErrorString(int error, const char** text) {
  *text = error == ILLEGAL_ADDRESS ? "an illegal memory access was encountered" : "unknown error";
  return SUCCESS;
}

// For tests
int64_t rehearsed_held(int device) { return memory[device].held; }
// The most since it was last asked
int64_t rehearsed_peak(int device) { return memory[device].peak.exchange(memory[device].held); }
// 0 for none
void rehearsed_limit(int device, int64_t bytes) { memory[device].limit = bytes ? bytes : rehearsed::NO_LIMIT; }
}
