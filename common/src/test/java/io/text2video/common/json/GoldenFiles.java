package io.text2video.common.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What each release has put on topics, as files: {@code golden/RELEASE/NAME.json}. The newest folder is of the release that is being
 * made and holds what it writes, to the field; the others never change. {@code -Dgolden.renew} writes the newest; docs/release.md
 * says when.
 */
final class GoldenFiles {
    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final Pattern PROJECT = Pattern.compile("<version>(\\d+\\.\\d+\\.\\d+)(-SNAPSHOT)?</version>");
    private static final String JSON = ".json";

    private GoldenFiles() {}

    /** In their order. */
    static List<String> releases() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted(Comparator.comparing(Version::parse))
                    .toList();
        }
    }

    static String newest() throws IOException {
        List<String> releases = releases();
        return releases.get(releases.size() - 1);
    }

    /** The version in the project's pom, without what says that it is being made. */
    static String version() throws IOException {
        Matcher version = PROJECT.matcher(Files.readString(Path.of("../pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    /** Names of a release's files, without their ending. */
    static Set<String> names(String release) throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve(release))) {
            return files.map(file -> file.getFileName().toString().replace(JSON, ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Whether a release has it, or is to have it. */
    static boolean isThere(String release, String name) throws IOException {
        return release.equals(newest()) || names(release).contains(name);
    }

    static JsonNode read(String release, String name) throws IOException {
        return new ObjectMapper()
                .readTree(FOLDER.resolve(release).resolve(name + JSON).toFile());
    }

    /**
     * What a release wrote is still there: each field, with its value. Fields may have been added, which readers pass over; of the
     * newest release none may.
     */
    static void assertKept(String release, String name, JsonNode today) throws IOException {
        if (Boolean.getBoolean("golden.renew") && release.equals(newest())) {
            renew(FOLDER.resolve(release).resolve(name + JSON), today);
        }
        JsonNode golden = read(release, name);
        if (release.equals(newest())) {
            assertThat(today).as("%s of %s", name, release).isEqualTo(golden);
        } else {
            assertThat(known(today, golden)).as("%s of %s", name, release).isEqualTo(golden);
        }
    }

    private static void renew(Path file, JsonNode today) throws IOException {
        if (!Files.exists(file) || !new ObjectMapper().readTree(file.toFile()).equals(today)) {
            var spacing = Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
            var printer = new DefaultPrettyPrinter().withSeparators(spacing);
            Files.writeString(file, new ObjectMapper().writer(printer).writeValueAsString(today) + "\n");
        }
    }

    /** Of {@code today} what {@code golden} has too. */
    private static JsonNode known(JsonNode today, JsonNode golden) {
        if (today.isArray() && golden.isArray() && today.size() == golden.size()) {
            var known = new ObjectMapper().createArrayNode();
            for (int i = 0; i < today.size(); i++) {
                known.add(known(today.get(i), golden.get(i)));
            }
            return known;
        }
        if (!today.isObject() || !golden.isObject()) {
            return today;
        }
        var known = new ObjectMapper().createObjectNode();
        for (Map.Entry<String, JsonNode> field : today.properties()) {
            if (golden.has(field.getKey())) {
                known.set(field.getKey(), known(field.getValue(), golden.get(field.getKey())));
            }
        }
        return known;
    }
}
