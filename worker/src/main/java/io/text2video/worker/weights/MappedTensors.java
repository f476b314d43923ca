package io.text2video.worker.weights;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.MappedFile;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tensors of floats, and of codes that stand for floats, as views of their mapped files. A view outlives this object, and
 * must not outlive the scope that it was made with, which unmaps the files. Belongs to one thread.
 */
public final class MappedTensors implements AutoCloseable {
    private static final Map<SafetensorsDtype, DType> FLOATS = Map.of(
            SafetensorsDtype.F16, DType.F16,
            SafetensorsDtype.BF16, DType.BF16,
            SafetensorsDtype.F32, DType.F32,
            SafetensorsDtype.F64, DType.F64);

    private static final Map<SafetensorsDtype, DType> CODES =
            Map.of(SafetensorsDtype.I8, DType.I8, SafetensorsDtype.F8_E4M3, DType.F8_E4M3);

    private record Mapping(MappedFile file, Tensor bytes) {}

    private final MemoryScope owner;
    private final MemoryScope scope;
    private final Map<Path, Mapping> mappings = new HashMap<>();

    /** @param owner of the mappings */
    public MappedTensors(MemoryScope owner) {
        this.owner = owner;
        this.scope = owner.open();
    }

    /** The dtypes that weights may be stored in. */
    public static Set<SafetensorsDtype> floats() {
        return new TreeSet<>(FLOATS.keySet());
    }

    /** What the engine calls a dtype of floats; empty for others. */
    public static Optional<DType> dtype(TensorInfo tensor) {
        return Optional.ofNullable(FLOATS.get(tensor.dtype()));
    }

    /**
     * A tensor as it is stored, mapped where its alignment allows.
     *
     * @param out the owner of the mappings, or a scope inside it
     * @throws IllegalArgumentException when it is neither of floats nor of I8 or F8_E4M3
     * @throws IOException when its file cannot be read
     */
    public Tensor view(MemoryScope out, TensorInfo tensor) throws IOException {
        DType dtype = dtype(tensor)
                .or(() -> Optional.ofNullable(CODES.get(tensor.dtype())))
                .orElseThrow(() -> new IllegalArgumentException(tensor + " is not of floats"));
        Mapping mapping = mappings.get(tensor.file());
        if (mapping == null) {
            MappedFile file = MappedFile.map(owner, tensor.file(), Files.size(tensor.file()));
            mapping = new Mapping(file, file.tensor(scope));
            mappings.put(tensor.file(), mapping);
        }
        return TensorKernels.view(out, mapping.bytes(), dtype, tensor.offset(), tensor.shape());
    }

    /** What was read on the way counts no more as this process's memory. */
    @Override
    public void close() {
        mappings.values().forEach(mapping -> mapping.file().forgetPages());
        mappings.clear();
        scope.close();
    }
}
