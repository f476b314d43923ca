package io.text2video.gateway.jobs;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Snapshots in little memory: their JSON, compressed by Zstandard with a dictionary that was trained on typical ones
 * ({@code DictionaryTraining}, among the tests). One thread packs, any number unpack.
 */
final class SnapshotPacking {
    /** As small as level 3, and faster: what there is to find is in the dictionary. */
    private static final int LEVEL = 1;

    private final ZstdDictDecompress dictionary;
    private final ZstdCompressCtx compression;

    SnapshotPacking() {
        byte[] trained = trained();
        dictionary = new ZstdDictDecompress(trained);
        compression = new ZstdCompressCtx()
                .setLevel(LEVEL)
                .setChecksum(false)
                .setDictID(false)
                .loadDict(new ZstdDictCompress(trained, LEVEL));
    }

    byte[] pack(byte[] json) {
        return compression.compress(json);
    }

    /** @throws InvalidMessageException when what was packed is no snapshot */
    JobSnapshot unpack(byte[] packed) throws InvalidMessageException {
        byte[] json = Zstd.decompress(packed, dictionary, Math.toIntExact(Zstd.getFrameContentSize(packed)));
        return JsonCodec.read(json, JobSnapshot.class);
    }

    private static byte[] trained() {
        try (var in = SnapshotPacking.class.getResourceAsStream("snapshots.dictionary")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
