package io.text2video.worker.state;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsWriter.Entry;
import java.util.Arrays;
import java.util.List;

/**
 * A generation between two denoising steps, on the heap. After the last one there is only decoding left.
 *
 * <p>Of the generator nothing is kept: what it has drawn follows from the parameters and the step, and is drawn again.
 * TorchScript cannot read a generator's state, and 74 draws of a video of 720x480 and 49 frames take a second.
 *
 * @param computation as {@link Checkpoints} says
 * @param step how many steps are done, from 1
 * @param steps how many there are
 * @param reusedSteps how many of those done used the transformer's earlier work again
 * @param latents [1, F, C, h, w], in the compute type
 * @param memory what the scheduler remembers, each of the latents' shape; nothing after the last step
 */
public record GenerationState(
        String computation, int step, int steps, int reusedSteps, Entry latents, List<Entry> memory) {
    /** Schedulers compute in it whatever the networks do. */
    private static final SafetensorsDtype REMEMBERED = SafetensorsDtype.F32;

    public GenerationState {
        memory = List.copyOf(memory);
    }

    /** Whether only decoding is left. */
    public boolean isDenoised() {
        return step == steps;
    }

    /** As a safetensors file, with a checksum of all that it says. The same state gives the same bytes. */
    public byte[] toBytes() {
        return GenerationStateFile.write(this);
    }

    /**
     * Reads what {@link #toBytes} gave, where its checksum holds and it says the same of itself as its keeper.
     *
     * @param computation whose it is to be
     * @throws UnusableStateException when it is damaged, malformed or another's
     */
    public static GenerationState read(SavedState saved, String computation) throws UnusableStateException {
        return GenerationStateFile.read(saved, computation);
    }

    /** Latents in native memory. */
    public Tensor latents(MemoryScope out) {
        return tensor(out, latents);
    }

    /** What the scheduler remembers, in native memory. */
    public List<Tensor> memory(MemoryScope out) {
        return memory.stream().map(entry -> tensor(out, entry)).toList();
    }

    /**
     * Refuses a state that does not fit the generation that is to go on from it. What passes can be made tensors of.
     *
     * @param name of the state
     * @param remembered tensors that the scheduler needs
     */
    void require(String name, int wantedSteps, DType dtype, long[] shape, int remembered)
            throws UnusableStateException {
        if (steps != wantedSteps) {
            throw new UnusableStateException(name, "is of %d steps, not of %d".formatted(steps, wantedSteps));
        }
        if (!latents.dtype().name().equals(dtype.name())) {
            throw new UnusableStateException(
                    name, "holds latents in %s, and they are computed in %s".formatted(latents.dtype(), dtype));
        }
        if (memory.size() != remembered) {
            throw new UnusableStateException(
                    name, "holds %d tensors of the scheduler, which remembers %d".formatted(memory.size(), remembered));
        }
        requireShape(name, latents, shape);
        for (Entry entry : memory) {
            if (entry.dtype() != REMEMBERED) {
                throw new UnusableStateException(
                        name,
                        "holds %s in %s, and the scheduler remembers %s"
                                .formatted(entry.name(), entry.dtype(), REMEMBERED));
            }
            requireShape(name, entry, shape);
        }
    }

    static Entry entry(MemoryScope scope, String name, Tensor tensor) {
        SafetensorsDtype dtype =
                SafetensorsDtype.valueOf(TensorKernels.dtype(scope, tensor).name());
        return new Entry(name, dtype, tensor.shape(), TensorKernels.toBytes(scope, tensor));
    }

    private static void requireShape(String name, Entry entry, long[] shape) throws UnusableStateException {
        if (!Arrays.equals(entry.shape(), shape)) {
            throw new UnusableStateException(
                    name,
                    "holds %s of the shape %s, and the latents are of %s"
                            .formatted(entry.name(), Arrays.toString(entry.shape()), Arrays.toString(shape)));
        }
    }

    private static Tensor tensor(MemoryScope out, Entry entry) {
        return TensorKernels.ofBytes(
                out, entry.data(), DType.valueOf(entry.dtype().name()), entry.shape());
    }
}
