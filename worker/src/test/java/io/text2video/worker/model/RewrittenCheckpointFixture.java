package io.text2video.worker.model;

import io.text2video.worker.Reference;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.lora.LoraFixture;
import io.text2video.worker.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints whose files are written otherwise than diffusers of today writes them. */
abstract class RewrittenCheckpointFixture {
    static final Path CHECKPOINT = Reference.checkpoint("odd-2b");

    final Kernels kernels = Kernels.load();
    final MemoryScope scope = kernels.openScope();

    @TempDir
    Path directory;

    @AfterEach
    void free() {
        kernels.close();
    }

    /** A checkpoint of this file alone, with other names and more tensors. */
    Path rewritten(String file, UnaryOperator<String> rename, SafetensorsWriter.Entry... more) throws IOException {
        Path out = directory.resolve(file);
        Files.createDirectories(out.getParent());
        LoraFixture.rewritten(CHECKPOINT.resolve(file), out, Map.of(), rename, more);
        return directory;
    }
}
