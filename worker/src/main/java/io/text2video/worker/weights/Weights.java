package io.text2video.worker.weights;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.Device;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.quantization.WeightStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A component's weights under the checkpoint's own keys, built by prefix: {@code weights.at("transformer_blocks").at(0)}.
 *
 * <p>Each tensor is kept as {@link TensorStorage} says: mapped files, without a copy where they are stored in the compute
 * type. Large weights of linears, convolutions and embeddings stay mapped in a narrower type too, and their kernels widen
 * them as they use them: so an fp16 or bf16 checkpoint costs its own size and no more. Quantized layers are mapped too, or
 * made one at a time from the floats. Everything else is converted as it is asked for.
 *
 * <p>Tensors belong to the scope given to {@link #open} and outlive this object, which only serves a network's
 * construction: close it then. A tensor that is asked for again is the same one. Belongs to one thread.
 */
public final class Weights implements AutoCloseable {
    /** Dimensions of a convolution's weight, at least. */
    private static final int CONVOLUTION = 4;

    private static final LayerAdapter NONE = (layer, base, shape) -> base;

    private final Source source;
    private final LayerAdapter adapter;
    private final String prefix;
    private final DType dtype;

    private Weights(Source source, LayerAdapter adapter, String prefix, DType dtype) {
        this.source = source;
        this.adapter = adapter;
        this.prefix = prefix;
        this.dtype = dtype;
    }

    /** The same tensor may be asked for as it is stored and in the compute type. */
    private record Reading(String key, boolean mayStayNarrow, DType dtype) {}

    /** What all prefixes of one component share. */
    private record Source(
            Path directory,
            Map<String, TensorInfo> tensors,
            TreeSet<String> unread,
            Map<Reading, Tensor> read,
            MappedTensors mapped,
            MemoryScope owner,
            WeightStorage storage,
            QuantizedLayers quantized) {}

    /**
     * Opens weights whose headers were read before; no tensor is read yet.
     *
     * @param owner owns every tensor that is asked for
     * @param componentDirectory what messages call it
     * @param computeType what is computed in, and what tensors are converted to
     * @param storage whether layers are quantized, in the files or as they are asked for
     */
    public static Weights open(
            MemoryScope owner,
            Path componentDirectory,
            SafetensorsIndex index,
            DType computeType,
            WeightStorage storage) {
        Map<String, TensorInfo> tensors = index.tensors();
        MappedTensors mapped = new MappedTensors(owner);
        return new Weights(
                new Source(
                        componentDirectory,
                        tensors,
                        new TreeSet<>(tensors.keySet()),
                        new HashMap<>(),
                        mapped,
                        owner,
                        storage,
                        new QuantizedLayers(owner, mapped, componentDirectory, tensors, storage)),
                NONE,
                "",
                computeType);
    }

    /**
     * The same weights with something added to some layers. A network that is built again from them shares every tensor
     * with the first, so that it costs only what is added; it may be built after this object is closed.
     */
    public Weights with(LayerAdapter layerAdapter) {
        return new Weights(source, layerAdapter, prefix, dtype);
    }

    /**
     * The same weights, read anew into another scope, which owns them: of a part of a network that is not held. May be
     * called after this object is closed.
     */
    public Weights within(MemoryScope owner) {
        MappedTensors mapped = new MappedTensors(owner);
        return new Weights(
                new Source(
                        source.directory,
                        source.tensors,
                        source.unread,
                        new HashMap<>(),
                        mapped,
                        owner,
                        source.storage,
                        new QuantizedLayers(owner, mapped, source.directory, source.tensors, source.storage)),
                adapter,
                prefix,
                dtype);
    }

    /** The weights below a name. */
    public Weights at(String name) {
        return new Weights(source, adapter, prefix + name + ".", dtype);
    }

    /** The weights below a number, as of a list of layers. */
    public Weights at(int index) {
        return at(Integer.toString(index));
    }

    /** The same weights for a layer whose values are beyond fp16's range: in fp32 where the others are in fp16. */
    public Weights beyondFp16() {
        return new Weights(source, adapter, prefix, dtype == DType.F16 ? DType.F32 : dtype);
    }

    /** Owns the tensors. */
    public MemoryScope owner() {
        return source.owner;
    }

    /** Where the tensors are. */
    public Device device() {
        return source.owner.device();
    }

    /** What is computed in; every tensor has it but those of {@link #linear}, {@link #convolution}, {@link #embedding}. */
    public DType computeType() {
        return dtype;
    }

    /**
     * One tensor in the compute type.
     *
     * @throws WeightMismatchException when it is missing, of another shape or not of floats
     */
    public Tensor tensor(String name, long... shape) throws IOException {
        return read(name, false, shape);
    }

    /** A tensor whose kernels widen it themselves is left as it is stored, if it is large. */
    private Tensor read(String name, boolean mayStayNarrow, long... shape) throws IOException {
        String key = prefix + name;
        Reading reading = new Reading(key, mayStayNarrow, dtype);
        Tensor known = source.read.get(reading);
        if (known != null && Arrays.equals(known.shape(), shape)) {
            return known;
        }
        Tensor tensor = load(key, mayStayNarrow, shape);
        source.read.put(reading, tensor);
        return tensor;
    }

    private TensorInfo require(String key, long... shape) throws WeightMismatchException {
        TensorInfo info = source.tensors.get(key);
        if (info == null) {
            throw mismatch(key, "is missing; its shape would be " + Arrays.toString(shape));
        }
        if (!Arrays.equals(info.shape(), shape)) {
            throw mismatch(
                    key,
                    "has shape " + Arrays.toString(info.shape()) + ", but the config makes it "
                            + Arrays.toString(shape));
        }
        source.unread.remove(key);
        return info;
    }

    private Tensor load(String key, boolean mayStayNarrow, long... shape) throws IOException {
        TensorInfo info = require(key, shape);
        if (MappedTensors.dtype(info).isEmpty()) {
            throw mismatch(key, "is stored as " + info.dtype() + ", but must be one of " + MappedTensors.floats());
        }
        try (MemoryScope scope = source.owner.open()) {
            Tensor view = source.mapped.view(scope, info);
            boolean keep =
                    mayStayNarrow && TensorStorage.of(info, dtype, source.storage) == TensorStorage.MAPPED_NARROW;
            Tensor kept = keep ? view : TensorKernels.cast(scope, view, dtype);
            return source.owner.adopt(shape.length < CONVOLUTION ? kept : scope.call("weight_layout", kept));
        }
    }

    /** {@code weight} [rows, width] of a table to look up in; as it is stored where it is large. */
    public Tensor embedding(long rows, long width) throws IOException {
        return read("weight", true, rows, width);
    }

    /** {@code weight} [out, in], as it is stored where it is large, and, if asked, {@code bias} [out]. */
    public LayerWeight linear(long out, long in, boolean bias) throws IOException {
        return layer(bias, out, in);
    }

    /** {@code weight} [out, in, kernel…], as it is stored where it is large, and, if asked, {@code bias} [out]. */
    public LayerWeight convolution(boolean bias, long... shape) throws IOException {
        return layer(bias, shape);
    }

    /** {@code weight} and {@code bias} [width] of a norm; nothing where it has no parameters. */
    public LayerWeight norm(long width, boolean affine) throws IOException {
        return new LayerWeight(affine ? List.of(tensor("weight", width), tensor("bias", width)) : List.of());
    }

    /** Whether there is a tensor of that name. */
    public boolean has(String name) {
        return source.tensors.containsKey(prefix + name);
    }

    /** Says that one tensor is not needed, if it is there. */
    public void skip(String name) {
        source.unread.remove(prefix + name);
    }

    /**
     * Weights that no layer asked for mean that the config describes another network than the files hold.
     *
     * @throws WeightMismatchException naming them
     */
    public void requireAllRead() throws WeightMismatchException {
        if (!source.unread.isEmpty()) {
            List<String> some = source.unread.stream().limit(5).toList();
            throw mismatch(
                    some.get(0),
                    "belongs to no layer that the config describes; there are %d such: %s%s"
                            .formatted(source.unread.size(), some, source.unread.size() > some.size() ? " …" : ""));
        }
    }

    /** What was read on the way counts no more as memory; the files stay mapped for as long as the owner lives. */
    @Override
    public void close() {
        source.mapped.close();
    }

    private LayerWeight layer(boolean bias, long... shape) throws IOException {
        String layer = prefix.substring(0, Math.max(0, prefix.length() - 1));
        return adapter.adapt(layer, own(layer, bias, shape), shape);
    }

    private LayerWeight own(String layer, boolean bias, long... shape) throws IOException {
        if (!source.quantized.has(layer)) {
            Tensor weight = read("weight", true, shape);
            return new LayerWeight(bias ? List.of(weight, tensor("bias", shape[0])) : List.of(weight));
        }
        TensorInfo weight = require(prefix + "weight", shape);
        source.unread.remove(prefix + QuantizedLayers.SCALE);
        return source.quantized.layer(layer, weight, bias ? tensor("bias", shape[0]) : noBias());
    }

    /** What stands for a bias where there is none. */
    private Tensor noBias() {
        try (MemoryScope scope = source.owner.open()) {
            return TensorKernels.cast(source.owner, TensorKernels.ofFloats(scope, new float[0], 0), dtype);
        }
    }

    private WeightMismatchException mismatch(String key, String reason) {
        return new WeightMismatchException(source.directory, key, reason);
    }
}
