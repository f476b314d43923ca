package io.text2video.worker.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    private static final List<String> NAMES = List.of("a.tmp", "b.tmp", "c.tmp", "d.tmp");

    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void fill() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        for (String name : NAMES) {
            Files.writeString(root.resolve(name), name);
            Files.writeString(
                    Files.createDirectories(root.resolve("folder-" + name)).resolve("file"), name);
        }
    }

    @Test
    void shouldLeaveOutWhatIsRenamedWhileTheFolderIsRead() throws Exception {
        // When the first file that is seen is the last: all else goes before it is looked at
        List<Path> seen = new ArrayList<>();
        FileTree.visit(root, Integer.MAX_VALUE, Set.of(), file -> {
            seen.add(file);
            if (seen.size() == 1) {
                moveAway(file);
            }
        });

        // Then what has gone is left out
        assertThat(seen).hasSize(1);
    }

    @Test
    void shouldListFilesAndLinksThroughLinkedFoldersWhereAsked() throws Exception {
        // Given a link to a folder elsewhere and one that leads nowhere
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("file"), "x");
        Path small = Files.createDirectories(directory.resolve("small"));
        Files.createSymbolicLink(small.resolve("link"), elsewhere);
        Files.createSymbolicLink(small.resolve("nowhere"), directory.resolve("none"));

        // Then
        assertThat(FileTree.files(small)).containsExactly(small.resolve("link"), small.resolve("nowhere"));
        assertThat(FileTree.filesThroughLinks(small, 2))
                .containsExactly(small.resolve("link").resolve("file"), small.resolve("nowhere"));
    }

    @Test
    void shouldRefuseARootThatIsMissing() {
        assertThatThrownBy(() -> FileTree.files(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void shouldDeleteAllAndWhatIsNotThere() throws Exception {
        // Given a link out of the folder
        Path other = Files.writeString(directory.resolve("other"), "stays");
        Files.createSymbolicLink(root.resolve("link"), other);

        // When it is removed twice
        FileTree.delete(root);
        FileTree.delete(root);

        // Then the link's target stays
        assertThat(root).doesNotExist();
        assertThat(other).hasContent("stays");
    }

    private void moveAway(Path all) {
        try {
            Path aside = Files.createDirectory(directory.resolve("aside"));
            for (String name : NAMES) {
                for (Path gone : List.of(root.resolve(name), root.resolve("folder-" + name))) {
                    if (!all.startsWith(gone)) {
                        Files.move(gone, aside.resolve(gone.getFileName()));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
