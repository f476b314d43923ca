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
import java.util.Map;
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
    private final Map<CpuPaths.Part, PairedTimes> measured;
    private final PtNDManager manager;
    private final PtSymbolBlock module;

    /** Empty where libtorch has no CUDA, and nothing is ever waited for. */
    private final Optional<PtSymbolBlock> waiting;

    private Kernels(
            Device device,
            ComputePaths paths,
            Map<CpuPaths.Part, PairedTimes> measured,
            PtNDManager manager,
            PtSymbolBlock module,
            Optional<PtSymbolBlock> waiting) {
        this.device = device;
        this.paths = paths;
        this.measured = measured;
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
        return device.isCuda() ? load(device, CudaPaths.PLAIN) : load(CpuPathChoice.DEFAULT.untimed());
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
     * Those of the CPU, in the ways that are best for a model.
     *
     * @param sizes of the model
     * @param dtype that it computes in
     * @throws KernelException as {@link CpuPathChoice#choose} does
     */
    public static Kernels load(CpuPathChoice choice, ProbeSizes sizes, DType dtype) {
        ChosenPaths chosen = choice.choose(sizes, dtype);
        return load(Device.CPU, chosen.paths(), chosen.measured(), archive(Device.CPU, chosen.paths()));
    }

    static Kernels load(Device device, ComputePaths paths) {
        return load(device, paths, archive(device, paths));
    }

    /** The same of an archive. */
    static Kernels load(Device device, ComputePaths paths, byte[] archive) {
        return load(device, paths, Map.of(), archive);
    }

    private static byte[] archive(Device device, ComputePaths paths) {
        try {
            return KernelArchive.bytes(device, paths);
        } catch (IOException e) {
            throw new KernelException("the kernels cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Starts the engine where this process has not yet, and loads the kernels.
     *
     * @throws KernelException when the engine's libraries or the kernels do not load
     */
    private static Kernels load(
            Device device, ComputePaths paths, Map<CpuPaths.Part, PairedTimes> measured, byte[] archive) {
        try {
            // What Java hands over lies on the CPU, whatever DJL's default is; kernels place it.
            PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(ai.djl.Device.cpu());
            return new Kernels(
                    device,
                    paths,
                    measured,
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

    /** The ways that are taken, and what was measured for them; empty on a GPU. */
    public Optional<ChosenPaths> cpuPaths() {
        return paths instanceof CpuPaths own ? Optional.of(new ChosenPaths(own, measured)) : Optional.empty();
    }

    /**
     * A scope for tensors, to be used and closed by the calling thread. What is still open when this closes is freed
     * then.
     */
    public MemoryScope openScope() {
        return openScope(Interruption.NONE);
    }

    /** The same, whose kernels may be interrupted. */
    public MemoryScope openScope(Interruption interruption) {
        return openScope(interruption, Bands.of(device));
    }

    /**
     * The same.
     *
     * @param interruption asked before each kernel
     * @param bands how much one kernel computes
     */
    public MemoryScope openScope(Interruption interruption, Bands bands) {
        // Per thread: the profiling executor would first run each kernel twice to specialise it to the shapes it saw.
        JniUtils.setGraphExecutorOptimize(false);
        return new MemoryScope(this, manager.newSubManager(manager.getDevice()), interruption, bands);
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

    /** The version of the engine's libtorch. */
    static String library() {
        return Engine.getEngine("PyTorch").getVersion();
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
        return "device=%s kernels=%s paths=%s torch=%s threads=%d cpu=%s"
                .formatted(
                        device.kind(),
                        KernelArchive.digest(device.kind()),
                        paths,
                        library(),
                        threads(),
                        CpuFeatures.ofThisMachine().vectors());
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
