package io.text2video.worker.kernels;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file mapped for reading alone, without reading it. torch's own mapping is private and writable, which Linux counts as
 * memory to come: it refuses one that is larger than memory and swap together, where pages of this one are the file's own.
 *
 * <p>The mapping lives as long as the scope that owns it. Views must not be used after that; freeing one then is no use of
 * it. What is written to a view ends the process. A file that is cut short while it is mapped ends it too, at the
 * first access behind its new end; one that is removed stays as it was. Belongs to one thread.
 */
public final class MappedFile {
    private static final int READ_ONLY = 0;
    private static final int PROT_READ = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MADV_DONTNEED = 4;

    /** DJL takes an address as a buffer's, and its size from the shape; a buffer itself ends at 2 GiB. */
    private static final int ADDRESS_ONLY = 1;

    /** {@code size_t} and {@code off_t} are longs on every system that there is a libtorch for. */
    private interface LibC extends Library {
        int open(String path, int flags) throws LastErrorException;

        int close(int descriptor) throws LastErrorException;

        Pointer mmap(Pointer address, long length, int protection, int flags, int descriptor, long offset)
                throws LastErrorException;

        int munmap(Pointer address, long length) throws LastErrorException;

        int madvise(Pointer address, long length, int advice) throws LastErrorException;
    }

    private static final class Loaded {
        private static final LibC LIBC = Native.load(
                "c",
                LibC.class,
                Map.of(Library.OPTION_STRING_ENCODING, System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    private final Pointer address;
    private final long bytes;

    private MappedFile(Pointer address, long bytes) {
        this.address = address;
        this.bytes = bytes;
    }

    /**
     * Maps a file.
     *
     * @param owner unmaps it when it closes
     * @param bytes how much of the file, from its start; more than nothing
     * @throws IOException when it cannot be opened or mapped
     */
    public static MappedFile map(MemoryScope owner, Path file, long bytes) throws IOException {
        Pointer address;
        try {
            int descriptor = Loaded.LIBC.open(file.toString(), READ_ONLY);
            try {
                address = Loaded.LIBC.mmap(null, bytes, PROT_READ, MAP_PRIVATE, descriptor, 0);
            } finally {
                Loaded.LIBC.close(descriptor);
            }
        } catch (LastErrorException e) {
            throw new IOException("%s cannot be mapped: %s".formatted(file, e.getMessage()), e);
        }
        // Closing a scope closes what it owns in no order, and views are freed without a look at what they are of.
        owner.manager()
                .attachInternal("mapping-" + Pointer.nativeValue(address), () -> Loaded.LIBC.munmap(address, bytes));
        return new MappedFile(address, bytes);
    }

    /** All of it. Views of the tensor need neither it nor its scope: {@link TensorKernels#view}. */
    public Tensor tensor(MemoryScope out) {
        return new Tensor(JniUtils.createNdFromByteBuffer(
                out.manager(),
                address.getByteBuffer(0, ADDRESS_ONLY),
                new Shape(bytes),
                DataType.UINT8,
                SparseFormat.DENSE,
                Device.cpu()));
    }

    /** Pages that were read count no more as this process's; they are found again where they are needed again. */
    public void forgetPages() {
        Loaded.LIBC.madvise(address, bytes, MADV_DONTNEED);
    }
}
