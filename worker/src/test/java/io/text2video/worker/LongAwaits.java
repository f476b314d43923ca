package io.text2video.worker;

import java.time.Duration;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has Awaitility wait for a minute where a test does not say how long: a loaded machine is no fault. Registered for all tests
 * by META-INF/services. Quarkus loads each class's Awaitility anew, so it is looked for where the class comes from.
 */
public final class LongAwaits implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) throws ReflectiveOperationException {
        Class.forName(
                        "org.awaitility.Awaitility",
                        true,
                        context.getRequiredTestClass().getClassLoader())
                .getMethod("setDefaultTimeout", Duration.class)
                .invoke(null, Duration.ofMinutes(1));
    }
}
