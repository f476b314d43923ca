package io.text2video.worker.kernels;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Owns native memory: what a kernel returns belongs to the scope that the call named, and is freed when that scope
 * closes. Who opens a scope closes it. Belongs to one thread.
 *
 * <p>Of a tensor that is a view of a mapped file the scope owns the mapping only: its pages are the file's own in the page
 * cache, which the kernel may drop and read again.
 *
 * <p>The convention of the networks: a method takes the scope of its result first, and opens one of its own for what it
 * needs on the way.
 */
public final class MemoryScope implements AutoCloseable {
    private final Kernels kernels;
    private final PtNDManager manager;
    private final Interruption interruption;
    private final Bands bands;

    MemoryScope(Kernels kernels, PtNDManager manager, Interruption interruption, Bands bands) {
        this.kernels = kernels;
        this.manager = manager;
        this.interruption = interruption;
        this.bands = bands;
    }

    /** A scope inside this one; closing this closes it too. */
    public MemoryScope open() {
        return open(interruption);
    }

    /** The same, whose own kernels are interrupted otherwise, and those of the scopes inside it. */
    public MemoryScope open(Interruption own) {
        return new MemoryScope(kernels, manager.newSubManager(manager.getDevice()), own, bands);
    }

    /** Where its tensors are. */
    public Device device() {
        return kernels.device();
    }

    /** Asked before each of its kernels. */
    public Interruption interruption() {
        return interruption;
    }

    /** How much one of its kernels computes. */
    public Bands bands() {
        return bands;
    }

    /**
     * Waits until a tensor is computed, where the work may be interrupted: a GPU may be far behind what it was told to do, and
     * does all of that first.
     */
    public void await(Tensor tensor) {
        if (interruption != Interruption.NONE) {
            kernels.await(this, tensor);
        }
    }

    /** Moves a tensor here from the scope that owns it. */
    public Tensor adopt(Tensor tensor) {
        tensor.array().attach(manager);
        return tensor;
    }

    @Override
    public void close() {
        manager.close();
    }

    PtNDManager manager() {
        return manager;
    }

    /**
     * Runs a kernel that returns one tensor. Kernels take tensors, lists of tensors, {@link LayerWeight}, {@link Generator},
     * {@link DType}, integers, doubles, booleans, text, and arrays of longs or doubles.
     *
     * @param kernel a function of the engine's TorchScript, whose comment says what it does to which shapes
     * @throws OutOfMemoryException when there is no memory for the result or on the way to it
     * @throws KernelException when it fails otherwise
     * @throws java.util.concurrent.CancellationException when the work was interrupted before it
     */
    public Tensor call(String kernel, Object... arguments) {
        return run(kernel, arguments, this::take);
    }

    /** Runs a kernel that returns a tuple of tensors. */
    public List<Tensor> callForTuple(String kernel, Object... arguments) {
        return run(kernel, arguments, result -> {
            IValue[] parts = result.toIValueTuple();
            try {
                return Arrays.stream(parts).map(this::take).toList();
            } finally {
                Arrays.stream(parts).forEach(IValue::close);
            }
        });
    }

    /** Runs a kernel that returns an integer. */
    public long callForLong(String kernel, Object... arguments) {
        return run(kernel, arguments, IValue::toLong);
    }

    /** Runs a kernel that returns a number. */
    public double callForDouble(String kernel, Object... arguments) {
        return run(kernel, arguments, IValue::toDouble);
    }

    /** Runs a kernel that returns what only kernels can hold; the caller closes it. */
    IValue callForHandle(String kernel, Object... arguments) {
        return call(kernel, arguments, result -> result);
    }

    private <R> R run(String kernel, Object[] arguments, Function<IValue, R> take) {
        return call(kernel, arguments, result -> {
            try (result) {
                return take.apply(result);
            }
        });
    }

    private <R> R call(String kernel, Object[] arguments, Function<IValue, R> take) {
        interruption.check(kernel);
        IValue[] inputs = new IValue[arguments.length];
        try {
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = toIValue(arguments[i]);
            }
            return take.apply(kernels.run(kernel, inputs));
        } finally {
            for (int i = 0; i < inputs.length; i++) {
                if (inputs[i] != null && !(arguments[i] instanceof Generator)) {
                    inputs[i].close();
                }
            }
        }
    }

    private Tensor take(IValue value) {
        return new Tensor(value.toTensor(manager));
    }

    private static IValue toIValue(Object argument) {
        if (argument instanceof Tensor tensor) {
            return IValue.from(tensor.array());
        }
        if (argument instanceof LayerWeight weight) {
            return toIValue(weight.parts());
        }
        if (argument instanceof List<?> tensors) {
            return IValue.listFrom(
                    tensors.stream().map(part -> ((Tensor) part).array()).toArray(PtNDArray[]::new));
        }
        if (argument instanceof Generator generator) {
            return generator.handle();
        }
        if (argument instanceof DType dtype) {
            return IValue.from((long) dtype.code());
        }
        if (argument instanceof Integer || argument instanceof Long) {
            return IValue.from(((Number) argument).longValue());
        }
        if (argument instanceof Double number) {
            return IValue.from(number);
        }
        if (argument instanceof Boolean flag) {
            return IValue.from(flag);
        }
        if (argument instanceof String text) {
            return IValue.from(text);
        }
        if (argument instanceof long[] numbers) {
            return IValue.listFrom(numbers);
        }
        if (argument instanceof double[] numbers) {
            return IValue.listFrom(numbers);
        }
        throw new IllegalArgumentException("kernels take no " + argument.getClass());
    }
}
