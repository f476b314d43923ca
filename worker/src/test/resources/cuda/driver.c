// A stand-in for libcuda.so.1: what the driver's API would say of the GPUs that it is compiled with.
//   gcc -shared -fPIC -DINIT=0 -DVERSION=12080 '-DGPUS={"NVIDIA L4",24ULL<<30,8,9},' -o libcuda.so driver.c
#include <stddef.h>
#include <string.h>

typedef struct {
    const char *name;
    unsigned long long memory;
    int major, minor;
} gpu;

static const gpu GPUS_FOUND[] = {GPUS{0, 0, 0, 0}};
static const int COUNT = sizeof GPUS_FOUND / sizeof *GPUS_FOUND - 1;

enum { INVALID_VALUE = 1, NOT_INITIALIZED = 3, NO_DEVICE = 100, INVALID_DEVICE = 101, INVALID_CONTEXT = 201 };

static int initialized, retained, pushed, current;

int cuInit(unsigned flags) {
    initialized = flags == 0 && INIT == 0;
    return INIT;
}

int cuDriverGetVersion(int *version) {
    *version = VERSION;
    return 0;
}

int cuDeviceGetCount(int *count) {
    *count = COUNT;
    return initialized ? 0 : NOT_INITIALIZED;
}

// Handles are not numbers of devices.
int cuDeviceGet(int *device, int ordinal) {
    *device = ordinal + 40;
    return ordinal >= 0 && ordinal < COUNT ? 0 : INVALID_DEVICE;
}

int cuDeviceGetName(char *name, int length, int device) {
    strncpy(name, GPUS_FOUND[device - 40].name, length);
    return 0;
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) {
    *bytes = GPUS_FOUND[device - 40].memory;
    return 0;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
    const gpu *one = &GPUS_FOUND[device - 40];
    *value = attribute == 75 ? one->major : one->minor;
    return attribute == 75 || attribute == 76 ? 0 : INVALID_VALUE;
}

int cuDevicePrimaryCtxRetain(void **context, int device) {
    *context = (void *)(GPUS_FOUND + (device - 40));
    retained++;
    return 0;
}

int cuDevicePrimaryCtxRelease_v2(int device) {
    retained--;
    return 0;
}

int cuCtxPushCurrent_v2(void *context) {
    current = (int)((const gpu *)context - GPUS_FOUND);
    pushed++;
    return 0;
}

int cuCtxPopCurrent_v2(void **context) {
    pushed--;
    return 0;
}

// A quarter is taken by others. What was not given back before shows as an error.
int cuMemGetInfo_v2(size_t *free, size_t *total) {
    if (pushed != 1 || retained != 1) {
        return INVALID_CONTEXT;
    }
    *total = GPUS_FOUND[current].memory;
    *free = *total / 4 * 3;
    return 0;
}

int cuGetErrorName(int error, const char **name) {
    *name = "CUDA_ERROR_NO_DEVICE";
    return error == NO_DEVICE ? 0 : INVALID_VALUE;
}

int cuGetErrorString(int error, const char **text) {
    *text = "no CUDA-capable device is detected";
    return error == NO_DEVICE ? 0 : INVALID_VALUE;
}
