package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.EmulateMediaOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The system's Chromium, driven by Playwright. It keeps what its pages complain of: errors, and breaches of their own policy. */
final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");
    private static final List<String> GRAVE = List.of("serious", "critical");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** A refusal by the gateway is no fault of the page's. */
    private static final String REFUSED = "Failed to load resource";

    private final Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private final Browser browser = playwright
            .chromium()
            .launch(new LaunchOptions()
                    .setExecutablePath(executable())
                    .setArgs(FLAGS)
                    .setTimeout(LIMIT.toMillis()));
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    Chromium() {
        PlaywrightAssertions.setDefaultAssertionTimeout(LIMIT.toMillis());
    }

    /** @throws AssertionError where there is no Chromium: what was not tried has not passed */
    private static Path executable() {
        return Stream.concat(
                        Stream.ofNullable(System.getenv("CHROMIUM")).map(Path::of),
                        Stream.of(System.getenv("PATH").split(":"))
                                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name))))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "The page was not tested: there is no Chromium. Install it (apt-get install chromium), or name"
                                + " its program in the environment variable CHROMIUM."));
    }

    /** A browser of its own, as another person's: nothing is shared with the others. */
    BrowserContext person(NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        context.setDefaultTimeout(LIMIT.toMillis());
        context.onConsoleMessage(message -> {
            if (isComplaint(message)) {
                complaints.add(message.text());
            }
        });
        context.onWebError(error -> complaints.add(error.error()));
        return context;
    }

    private static boolean isComplaint(ConsoleMessage message) {
        return message.type().equals("error") && !message.text().startsWith(REFUSED);
    }

    /** What pages have complained of since it was last asked. */
    List<String> complaints() {
        List<String> all = List.copyOf(complaints);
        complaints.clear();
        return all;
    }

    /** By axe-core: nothing that keeps somebody from using the page. What moves is at rest meanwhile: axe-core would read colours of half a fade. */
    static void assertAccessible(Page page) {
        page.emulateMedia(new EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
        assertThat(new AxeBuilder(page).analyze().getViolations())
                .filteredOn(rule -> GRAVE.contains(rule.getImpact()))
                .extracting(rule -> rule.getId() + " " + rule.getNodes())
                .isEmpty();
        page.emulateMedia(new EmulateMediaOptions().setReducedMotion(null));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
