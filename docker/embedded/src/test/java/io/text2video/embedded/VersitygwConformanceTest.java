package io.text2video.embedded;

import io.text2video.common.storage.S3Config;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** On versitygw's files, where {@code .ci/versitygw} has built it; {@code mvn test -Pstores} runs it. */
@EnabledIfSystemProperty(named = "versitygw", matches = ".+")
class VersitygwConformanceTest extends ObjectStoreConformance {
    private Process process;

    @Override
    S3Config start(Path data) throws IOException {
        int port = FreePort.find();
        process = new ProcessBuilder(
                        System.getProperty("versitygw"),
                        "--access",
                        "key",
                        "--secret",
                        "secret-key",
                        "--port",
                        "127.0.0.1:" + port,
                        "posix",
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "versitygw.log").toFile())
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            new Socket("127.0.0.1", port).close();
            return true;
        });
        return new S3Location("http://127.0.0.1:" + port, "key", "secret-key");
    }

    @Override
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
