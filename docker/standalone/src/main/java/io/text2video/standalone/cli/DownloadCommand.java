package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.worker.hub.HubCache;
import io.text2video.worker.hub.HubDownload;
import io.text2video.worker.hub.HubSettings;
import io.text2video.worker.hub.ModelReference;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From the hub to its cache on this machine. */
@Command(
        name = "download",
        mixinStandardHelpOptions = true,
        description = {
            "Fetches what of a model is missing in the Hugging Face cache, and prints its directory.",
            "HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE are obeyed as by hf download."
        },
        footer = {
            "",
            "Examples:",
            "  text2video download zai-org/CogVideoX-2b",
            "  text2video generate \"a panda\" --model zai-org/CogVideoX-2b"
        })
final class DownloadCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "org/name[@revision] of the hub.")
    String model;

    @Option(names = "--revision", paramLabel = "R", description = "A branch, tag or commit. Default: main.")
    String revision;

    @Option(names = "--cache-dir", paramLabel = "DIR", description = "The cache. Default: what HF_HUB_CACHE says.")
    Path cacheDirectory;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "" + HubDownload.DEFAULT_WORKERS,
            description = "Files at once. Default: ${DEFAULT-VALUE}.")
    int workers;

    @Mixin
    SharedOptions.Json json = new SharedOptions.Json();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (workers < 1) {
            throw new ParameterException(spec.commandLine(), "--workers must be positive, but is " + workers);
        }
        Map<String, String> environment = System.getenv();
        ModelReference.Repository repository = repository();
        HubCache cache = cacheDirectory == null ? HubCache.of(environment) : new HubCache(cacheDirectory);
        var download = new HubDownload(HubSettings.of(environment), cache, workers);
        HubDownload.Result result;
        try (var bar = ProgressDisplay.ofBytes("download")) {
            result = download.fetch(
                    repository,
                    progress -> bar.show(
                            progress.bytes(),
                            progress.allBytes(),
                            "%d of %d files".formatted(progress.files(), progress.allFiles())));
        }
        if (result.files() == 0) {
            ProgressDisplay.note(repository + " is complete already");
        }
        print(repository, result);
        return 0;
    }

    private ModelReference.Repository repository() {
        String text = revision == null ? model : model + "@" + revision;
        try {
            // Not looked for as a directory: that a folder of this name is here does not matter.
            return ModelReference.Repository.of(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "\"" + text + "\": " + e.getMessage(), e);
        }
    }

    private void print(ModelReference.Repository repository, HubDownload.Result result) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json.wanted) {
            ObjectNode object = JsonNodeFactory.instance
                    .objectNode()
                    .put("model", repository.id())
                    .put("revision", repository.revision())
                    .put("commit", result.commit())
                    .put("directory", result.directory().toString())
                    .put("downloaded_bytes", result.fetchedBytes());
            SharedOptions.Json.print(object, out);
        } else {
            out.println(result.directory());
        }
        out.flush();
    }
}
