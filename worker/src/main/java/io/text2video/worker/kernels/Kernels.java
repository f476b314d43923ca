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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The loaded kernels. Loading takes a tenth of a second and checks every call inside them against torch's schemas. Safe
 * across threads; owns the native module, and through {@link #openScope()} every tensor, until closed.
 *
 * <p>Threads of the arithmetic are DJL's setting {@code ai.djl.pytorch.num_threads}.
 */
public final class Kernels implements AutoCloseable {
    private final PtNDManager manager;
    private final PtSymbolBlock module;

    private Kernels(PtNDManager manager, PtSymbolBlock module) {
        this.manager = manager;
        this.module = module;
    }

    /**
     * Starts the engine where this process has not yet, and loads the kernels.
     *
     * @throws KernelException when the engine's libraries or the kernels do not load
     */
    public static Kernels load() {
        try {
            PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager();
            byte[] archive = KernelArchive.bytes();
            return new Kernels(manager, JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false));
        } catch (IOException | EngineException e) {
            throw new KernelException("the kernels do not load: " + e.getMessage(), e);
        }
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

    /** How many threads the engine computes with, once it has been started. */
    public static int threads() {
        return JniUtils.getNumThreads();
    }

    /**
     * What decides how results are rounded here: the kernels, torch, its threads and the CPU's vector instructions. Where
     * it is equal, the same calls give the same bits.
     */
    public static String arithmetic() {
        try {
            byte[] source = KernelArchive.source();
            String kernels = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(source));
            return "kernels=%s torch=%s threads=%d cpu=%s"
                    .formatted(
                            kernels,
                            Engine.getEngine("PyTorch").getVersion(),
                            threads(),
                            CpuFeatures.ofThisMachine().vectors());
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new KernelException("the kernels cannot be read: " + e.getMessage(), e);
        }
    }

    IValue run(String kernel, IValue... arguments) {
        try {
            return IValueUtils.runMethod(module, kernel, arguments);
        } catch (EngineException e) {
            throw KernelException.of(kernel, e);
        }
    }

    @Override
    public void close() {
        module.close();
        manager.close();
    }
}
