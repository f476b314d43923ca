package io.text2video.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers what is misconfigured: what several topics, or several brokers, have alike is told once. */
final class Misconfigurations {
    /** In a remedy it stands for the topic's name. */
    static final String TOPIC = "{topic}";

    private final Map<Misconfiguration, Set<String>> topics = new LinkedHashMap<>();

    void refuse(String topic, String setting, Object value, Object needed, String reason, String remedy) {
        add(true, setting, value, needed, reason, remedy).add(topic);
    }

    void warn(String topic, String setting, Object value, Object needed, String reason, String remedy) {
        add(false, setting, value, needed, reason, remedy).add(topic);
    }

    /** One of the brokers' own settings. */
    void ofBrokers(boolean fatal, String setting, Object value, Object needed, String reason, String remedy) {
        add(fatal, setting, value, needed, reason, remedy);
    }

    List<Misconfiguration> all() {
        List<Misconfiguration> all = new ArrayList<>();
        topics.forEach((each, names) -> all.add(new Misconfiguration(
                each.fatal(),
                List.copyOf(names),
                each.setting(),
                each.value(),
                each.needed(),
                each.reason(),
                each.remedy()
                        .replace(TOPIC, names.size() == 1 ? names.iterator().next() : "TOPIC"))));
        return all;
    }

    private Set<String> add(boolean fatal, String setting, Object value, Object needed, String reason, String remedy) {
        var each = new Misconfiguration(fatal, List.of(), setting, value.toString(), needed.toString(), reason, remedy);
        return topics.computeIfAbsent(each, any -> new LinkedHashSet<>());
    }
}
