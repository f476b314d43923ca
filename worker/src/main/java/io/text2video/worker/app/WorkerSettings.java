package io.text2video.worker.app;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Command line arguments as the configuration's properties. */
public final class WorkerSettings {
    private WorkerSettings() {}

    /** Properties of {@link WorkerConfig#models()}, each model under its own: a directory's name may hold a comma. */
    public static Map<String, String> models(List<String> models) {
        Map<String, String> settings = new TreeMap<>();
        for (int i = 0; i < models.size(); i++) {
            settings.put("worker.models[%d]".formatted(i), models.get(i));
        }
        return settings;
    }
}
