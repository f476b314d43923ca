package io.text2video.standalone.cli;

import io.text2video.common.model.LoraScale;
import io.text2video.worker.shelf.LoraDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code LORA[:SCALE]}, where LORA is a safetensors file or the name of one that the fleet has. A name that has a colon
 * needs its scale.
 *
 * @param file null where it is a name
 */
record LoraArgument(LoraScale lora, Path file) {
    static final String SUFFIX = ".safetensors";
    private static final Pattern FORM = Pattern.compile("(?<lora>.+?)(:(?<scale>[-+]?[0-9.]+([eE][-+]?\\d+)?))?");

    Optional<Path> path() {
        return Optional.ofNullable(file);
    }

    /**
     * The same with a name for each file: trainers call all of theirs alike, so all but the first of a name get a number.
     * Who gives one file twice gets one name twice, which is refused like any other.
     */
    static List<LoraArgument> distinct(List<LoraArgument> given) {
        Set<String> taken = given.stream()
                .filter(argument -> argument.file == null)
                .map(argument -> argument.lora.id())
                .collect(Collectors.toCollection(HashSet::new));
        Map<Path, String> named = new HashMap<>();
        List<LoraArgument> distinct = new ArrayList<>();
        for (LoraArgument argument : given) {
            if (argument.file == null) {
                distinct.add(argument);
                continue;
            }
            String id = named.computeIfAbsent(
                    argument.file.toAbsolutePath().normalize(), file -> free(argument.lora.id(), taken));
            taken.add(id);
            distinct.add(new LoraArgument(new LoraScale(id, argument.lora.scale()), argument.file));
        }
        return distinct;
    }

    private static String free(String id, Set<String> taken) {
        String free = id;
        for (int number = 2; taken.contains(free); number++) {
            free = id + "-" + number;
        }
        return free;
    }

    static final class Converter implements ITypeConverter<LoraArgument> {
        @Override
        public LoraArgument convert(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw refuse(text);
            }
            String named = form.group("lora");
            Path file = named.endsWith(SUFFIX) ? Path.of(named) : null;
            String id = file == null ? named : LoraDirectory.id(file).orElseThrow(() -> refuse(text));
            boolean typo = file == null && form.group("scale") == null && id.contains(":");
            if (typo || !id.matches(LoraScale.ID)) {
                throw refuse(text);
            }
            return new LoraArgument(new LoraScale(id, scale(form.group("scale"), text)), file);
        }

        private static TypeConversionException refuse(String text) {
            return new TypeConversionException(
                    "'%s' is not LORA[:SCALE], such as ink:0.8 or styles/ink.safetensors:0.8: a scale is a number, a name that has a colon needs one, and only the path of a .safetensors file has '/'"
                            .formatted(text));
        }

        private static Double scale(String number, String text) {
            try {
                return number == null ? null : Double.valueOf(number);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + number + "' in '" + text + "' is not a number");
            }
        }
    }
}
