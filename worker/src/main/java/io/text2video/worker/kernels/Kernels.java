package io.text2video.worker.kernels;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The loaded kernels of one device. Loading takes a tenth of a second and checks every call inside them against torch's
 * schemas. Safe across threads; owns the native module, and through {@link #openScope()} every tensor, until closed.
 *
 * <p>Threads of the CPU's arithmetic are DJL's setting {@code ai.djl.pytorch.num_threads}.
 */
public final class Kernels implements AutoCloseable {
    private final Device device;
    private final ComputePaths paths;
    private final PtNDManager manager;
    private final PtSymbolBlock module;

    /** Empty where libtorch has no CUDA, and nothing is ever waited for. */
    private final Optional<PtSymbolBlock> waiting;

    private Kernels(
            Device device,
            ComputePaths paths,
            PtNDManager manager,
            PtSymbolBlock module,
            Optional<PtSymbolBlock> waiting) {
        this.device = device;
        this.paths = paths;
        this.manager = manager;
        this.module = module;
        this.waiting = waiting;
    }

    /** Those of the CPU, in the ways that are the same on every one. */
    public static Kernels load() {
        return load(Device.CPU);
    }

    /** Those of a device, in the ways that any of its kind has. */
    public static Kernels load(Device device) {
        return device.isCuda() ? load(device, CudaPaths.PLAIN) : load(device, IntegerProducts.choose(CpuPaths.DEFAULT));
    }

    /** Those of the CPU, in ways that were chosen for it. */
    public static Kernels load(CpuPaths paths) {
        return load(Device.CPU, paths);
    }

    /** Those of a GPU, in the ways that follow from its compute capability where libtorch has them. */
    public static Kernels load(Device gpu, int major, int minor) {
        return load(gpu, CudaProbe.usable(gpu, CudaPaths.of(major, minor)));
    }

    /**
     * Starts the engine where this process has not yet, and loads the kernels.
     *
     * @throws KernelException when the engine's libraries or the kernels do not load
     */
    static Kernels load(Device device, ComputePaths paths) {
        try {
            return load(device, paths, KernelArchive.bytes(device, paths));
        } catch (IOException e) {
            throw new KernelException("the kernels cannot be read: " + e.getMessage(), e);
        }
    }

    /** The same of an archive. */
    static Kernels load(Device device, ComputePaths paths, byte[] archive) {
        try {
            // What Java hands over lies on the CPU, whatever DJL's default is; kernels place it.
            PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(ai.djl.Device.cpu());
            return new Kernels(
                    device,
                    paths,
                    manager,
                    load(manager, archive),
                    device.isCuda() && hasCuda()
                            ? Optional.of(load(manager, KernelArchive.cudaBytes()))
                            : Optional.empty());
        } catch (IOException | EngineException e) {
            throw new KernelException("the kernels do not load: " + e.getMessage(), e);
        }
    }

    private static PtSymbolBlock load(PtNDManager manager, byte[] archive) throws IOException {
        return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
    }

    private static boolean hasCuda() {
        return Libtorch.ofThisProcess().hasCuda();
    }

    /** Where results are. */
    public Device device() {
        return device;
    }

    /**
     * A scope for tensors, to be used and closed by the calling thread. What is still open when this closes is freed
     * then.
     */
    public MemoryScope openScope() {
        // Per thread: the profiling executor would first run each kernel twice to specialise it to the shapes it saw.
        JniUtils.setGraphExecutorOptimize(false);
        return new MemoryScope(this, manager.newSubManager(manager.getDevice()));
    }

    /**
     * Waits until a tensor is computed. A CPU has computed what a call returned; a GPU may be far behind.
     *
     * @param scope for what is needed on the way
     */
    public void await(MemoryScope scope, Tensor x) {
        waiting.ifPresent(block -> {
            try (MemoryScope own = scope.open();
                    IValue input = IValue.from(x.array());
                    IValue waited = run(block, "synchronize", input)) {
                waited.toTensor(own.manager());
            }
        });
    }

    /** Gives back what is free: the C library's to the system, and the allocator's of a GPU to the GPU. */
    public void trim() {
        NativeHeap.trim();
        if (waiting.isPresent()) {
            JniUtils.emptyCudaCache();
        }
    }

    /** How many threads the engine computes with, once it has been started. */
    public static int threads() {
        return JniUtils.getNumThreads();
    }

    /**
     * What decides how results are rounded here: the kernels and the ways that they take, torch, its threads and the CPU's
     * vector instructions. Where it is equal, the same calls give the same bits.
     */
    public String arithmetic() {
        try {
            byte[] source = KernelArchive.source(device.kind()).getBytes(StandardCharsets.UTF_8);
            String kernels = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(source));
            return "device=%s kernels=%s paths=%s torch=%s threads=%d cpu=%s"
                    .formatted(
                            device.kind(),
                            kernels,
                            paths,
                            Engine.getEngine("PyTorch").getVersion(),
                            threads(),
                            CpuFeatures.ofThisMachine().vectors());
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new KernelException("the kernels cannot be read: " + e.getMessage(), e);
        }
    }

    IValue run(String kernel, IValue... arguments) {
        return run(module, kernel, arguments);
    }

    private static IValue run(PtSymbolBlock module, String kernel, IValue... arguments) {
        try {
            return IValueUtils.runMethod(module, kernel, arguments);
        } catch (EngineException e) {
            throw KernelException.of(kernel, e);
        }
    }

    @Override
    public void close() {
        module.close();
        waiting.ifPresent(PtSymbolBlock::close);
        manager.close();
    }
}
