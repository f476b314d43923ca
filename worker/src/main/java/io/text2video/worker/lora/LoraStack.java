package io.text2video.worker.lora;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.weights.LayerAdapter;
import io.text2video.worker.weights.MappedTensors;
import io.text2video.worker.weights.TensorInfo;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * LoRAs to build one network with. To each layer that they name they add scale · alpha/rank · (x·Aᵀ)·Bᵀ; the network's own
 * weights stay as they are, so that they may be mapped, shared or quantized.
 *
 * <p>What is added belongs to the scope given and outlives this object: close it when the network is built. Belongs to one
 * thread.
 */
public final class LoraStack implements LayerAdapter, AutoCloseable {
    /** Of a matrix's largest number: 2^-7 is 128 times fp16's smallest that has all its digits. */
    private static final int ROOMY_EXPONENT = -7;

    /** One LoRA, and how strongly it counts. */
    public record Scaled(LoraFile file, double scale) {}

    /** A LoRA and its layers that no layer of the network has asked for yet. */
    private record Member(LoraFile file, double scale, TreeSet<String> unused) {}

    private final MemoryScope owner;
    private final DType computeType;
    private final MemoryScope files;
    private final MappedTensors mapped;
    private final List<Member> members;
    private final Tensor noBias;

    /**
     * Reads no numbers yet.
     *
     * @param owner owns what is added
     * @param computeType of the network
     */
    public LoraStack(MemoryScope owner, DType computeType, List<Scaled> loras) {
        this.owner = owner;
        this.computeType = computeType;
        this.files = owner.open();
        this.mapped = new MappedTensors(files);
        this.members = loras.stream()
                .map(lora -> new Member(
                        lora.file(),
                        lora.scale(),
                        new TreeSet<>(lora.file().layers().keySet())))
                .toList();
        this.noBias = TensorKernels.scaled(owner, TensorKernels.ofFloats(owner, new float[0], 0), computeType, 1);
    }

    /** @throws LoraException when a LoRA's shapes do not fit the layer, or its numbers are not finite */
    @Override
    public LayerWeight adapt(String layer, LayerWeight base, long... shape) throws IOException {
        List<Tensor> pairs = new ArrayList<>();
        for (Member member : members) {
            // Names with underscores are matched against the layers that there are, never taken apart.
            String name = member.file().layers().containsKey(layer) ? layer : layer.replace('.', '_');
            LoraLayer pair = member.file().layers().get(name);
            if (pair != null) {
                member.unused().remove(name);
                requireShapes(member.file(), layer, pair, shape);
                double factor = member.scale() * scaling(member.file(), layer, pair);
                int octaves = octaves(pair, factor);
                pairs.add(read(member.file(), pair.down(), Math.scalb(1.0, -octaves)));
                pairs.add(read(member.file(), pair.up(), Math.scalb(factor, octaves)));
            }
        }
        return pairs.isEmpty() ? base : base.withLowRank(pairs, noBias);
    }

    /**
     * To be called when the network is built: a LoRA that adds nothing, or a part of it that does not, is for another
     * network.
     *
     * @throws LoraException naming what no layer asked for
     */
    public void requireAllUsed() throws LoraException {
        for (Member member : members) {
            if (!member.unused().isEmpty()) {
                throw new LoraException(
                        member.file().name(),
                        "adapts %d layers, of which this model has no %d: %s; the LoRA is for another kind or size of model"
                                .formatted(
                                        member.file().size(),
                                        member.unused().size(),
                                        LoraException.some(member.unused())));
            }
        }
    }

    /** Gives up the files. */
    @Override
    public void close() {
        mapped.close();
        files.close();
    }

    /**
     * How many powers of two go from A to factor · B, so that fp16 keeps the digits of both: B's numbers are small as they are,
     * and below 2^-14 each halving costs a digit. Other types have fp32's range. Where both are small they share the loss.
     */
    private int octaves(LoraLayer pair, double factor) throws IOException {
        if (computeType != DType.F16) {
            return 0;
        }
        double down = largest(pair.down());
        double up = largest(pair.up()) * Math.abs(factor);
        if (!(down > 0 && up > 0) || !Double.isFinite(down + up)) {
            return 0;
        }
        int wanted = ROOMY_EXPONENT - Math.getExponent(up);
        int spare = (Math.getExponent(down) - Math.getExponent(up)) / 2;
        return Math.max(0, Math.min(wanted, spare));
    }

    private double largest(TensorInfo tensor) throws IOException {
        try (MemoryScope scope = files.open()) {
            double largest = 0;
            for (float value : TensorKernels.toFloats(scope, mapped.view(scope, tensor))) {
                largest = Math.max(largest, Math.abs(value));
            }
            return largest;
        }
    }

    private double scaling(LoraFile file, String layer, LoraLayer pair) throws IOException {
        double alpha = file.config().alpha(layer, pair.rank());
        if (pair.alpha() != null) {
            alpha = LoraFile.INTEGERS.contains(pair.alpha().dtype()) ? integer(pair.alpha()) : real(pair.alpha());
        }
        if (!Double.isFinite(alpha)) {
            throw new LoraException(file.name(), "has the alpha %s for %s".formatted(alpha, layer));
        }
        return file.config().scaling(alpha, pair.rank());
    }

    private double real(TensorInfo number) throws IOException {
        try (MemoryScope scope = files.open()) {
            return TensorKernels.toFloats(scope, mapped.view(scope, number))[0];
        }
    }

    /** Kernels know floats and codes of them alone. */
    private static long integer(TensorInfo number) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(number.dtype().bytes()).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(number.file())) {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, number.offset() + bytes.position()) < 0) {
                    throw new EOFException(number + " was cut off");
                }
            }
        }
        bytes.flip();
        return switch (number.dtype()) {
            case I8 -> bytes.get();
            case U8 -> Byte.toUnsignedLong(bytes.get());
            case I16 -> bytes.getShort();
            case I32 -> bytes.getInt();
            case I64 -> bytes.getLong();
            default -> throw new IllegalArgumentException(number + " is no integer");
        };
    }

    /** A copy: the file may be replaced while the network lives. */
    private Tensor read(LoraFile file, TensorInfo tensor, double factor) throws IOException {
        try (MemoryScope scope = files.open()) {
            Tensor copy = TensorKernels.scaled(scope, mapped.view(scope, tensor), computeType, factor);
            if (!TensorKernels.allFinite(scope, copy)) {
                throw new LoraException(
                        file.name(), "has numbers in %s that are infinite or NaN".formatted(tensor.name()));
            }
            return owner.adopt(copy);
        }
    }

    private static void requireShapes(LoraFile file, String layer, LoraLayer pair, long... shape) throws LoraException {
        long[] down = shape.clone();
        down[0] = pair.rank();
        long[] up = new long[shape.length];
        Arrays.fill(up, 1);
        up[0] = shape[0];
        up[1] = pair.rank();
        requireShape(file, layer, pair.down(), down, shape);
        requireShape(file, layer, pair.up(), up, shape);
    }

    private static void requireShape(LoraFile file, String layer, TensorInfo tensor, long[] needed, long... shape)
            throws LoraException {
        if (!Arrays.equals(tensor.shape(), needed)) {
            throw new LoraException(
                    file.name(),
                    "has %s, but for this model's layer %s of %s it would be %s; the LoRA is for a model of another size, as one of CogVideoX-5b (3072 wide) is for CogVideoX-2b (1920 wide)"
                            .formatted(
                                    LoraFile.described(tensor),
                                    layer,
                                    Arrays.toString(shape),
                                    Arrays.toString(needed)));
        }
    }
}
