package io.text2video.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.Route.FulfillOptions;
import io.text2video.worker.pipeline.Frames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the engine can, and what it is at, as the page at {@code /} shows it in a browser. */
@Timeout(300)
class EngineOnPageIT {
    private static final NewContextOptions DESKTOP = new NewContextOptions().setViewportSize(1360, 900);

    /** Knows which of its addresses of blobs are not released, and what the preview shows. */
    private static final String WATCH =
            """
            const { createObjectURL, revokeObjectURL } = URL;
            window.held = new Set();
            URL.createObjectURL = (blob) => {
              const url = createObjectURL(blob);
              held.add(url);
              return url;
            };
            URL.revokeObjectURL = (url) => {
              held.delete(url);
              revokeObjectURL(url);
            };
            window.picture = () => {
              const image = document.querySelector('.preview:not([hidden])');
              const canvas = Object.assign(document.createElement('canvas'), { width: 8, height: 8 });
              canvas.getContext('2d').drawImage(image, 0, 0);
              return canvas.toDataURL();
            };
            """;

    @TempDir
    static Path data;

    private static LanguageModel writer;
    private static BrowsedFleet fleet;

    private BrowserContext person;
    private OpenPage page;

    @BeforeAll
    static void start() throws Exception {
        writer = new LanguageModel();
        fleet = BrowsedFleet.start(
                writer.environment("any"),
                data,
                "--loras",
                Launched.HOME.resolve("models/loras").toString(),
                "--model",
                Launched.HOME.resolve("models/cogvideox-tiny").toString(),
                "--model",
                Launched.HOME.resolve("worker/src/test/resources/reference/i2v").toString(),
                "--model",
                Launched.HOME
                        .resolve("worker/src/test/resources/reference/control/2b")
                        .toString());
    }

    @AfterAll
    static void stop() throws Exception {
        if (fleet != null) {
            fleet.close();
        }
        writer.close();
    }

    @BeforeEach
    void open() {
        person = fleet.chromium().person(DESKTOP);
        person.addInitScript(WATCH);
        Page tab = person.newPage();
        tab.navigate(fleet.gateway());
        page = new OpenPage(tab);
    }

    /** A breach of the content security policy is among them. */
    @AfterEach
    void shouldHaveNothingToComplainOf() {
        person.close();
        assertThat(fleet.chromium().complaints()).isEmpty();
    }

    @Test
    void shouldShowWhatAJobLooksLikeWhileItIsDrawn() {
        // Given somebody with a key, whose first look at a preview takes long
        page.tab().evaluate("sessionStorage.setItem('text2video.key', 'mine')");
        page.tab().reload();
        List<Route> looks = new ArrayList<>();
        page.tab().route("**/preview", route -> {
            looks.add(route);
            if (looks.size() > 1) {
                route.resume();
            }
        });

        // When a video is drawn
        page.chooseLong();
        page.make("a ball that takes shape", Map.of());
        Locator card = page.card("takes shape");
        String id = card.getAttribute("data-id");

        // Then its previews are asked for with the key, one after the other
        page.tab().waitForCondition(() -> looks.size() == 1);
        assertThat(looks.get(0).request().headerValue("authorization")).isEqualTo("Bearer mine");
        int first = previewStep(id);
        page.tab().waitForCondition(() -> previewStep(id) > first);
        assertThat(card.locator(".detail")).containsText("step");
        assertThat(looks).hasSize(1);

        // And each takes the place of the one before
        looks.get(0).resume();
        Locator preview = card.getByAltText("What the video looks like so far");
        assertThat(preview).isVisible();
        page.tab().waitForFunction("before => picture() !== before", page.tab().evaluate("picture()"));
        assertThat(preview).hasCount(1);
        Chromium.assertAccessible(page.tab());

        // And is gone with the end, and nothing is kept of it
        page.action("takes shape", "Cancel").click();
        assertThat(card.locator(".headline")).hasText("Cancelled");
        assertThat(preview).isHidden();
        page.tab().waitForFunction("() => held.size === 0");
    }

    @Test
    void shouldHaveAPromptEnhanced() {
        // When somebody wants that
        page.tab().getByLabel("Enhance the prompt").check();
        page.make("a red ball, in few words", Map.of("#steps", "1"));

        // Then the card has both prompts
        Locator card = page.card("in few words");
        Locator enhanced = card.getByText("Enhanced prompt");
        assertThat(enhanced).isVisible();
        assertThat(card.getByText(LanguageModel.CAPTION)).isHidden();
        enhanced.click();
        assertThat(card.getByText(LanguageModel.CAPTION)).isVisible();
        assertThat(card.locator(".words")).hasText("a red ball, in few words");
        assertThat(card.locator(".poster img")).isVisible();
        Chromium.assertAccessible(page.tab());

        // And what makes the same video is the words that were drawn
        page.action("in few words", "Code").click();
        assertThat(page.find("#curl")).containsText(LanguageModel.CAPTION);
        assertThat(page.find("#curl")).not().containsText("enhance_prompt");
    }

    @Test
    void shouldDrawWithALoraAsItWasTrainedTo() {
        // When one is chosen that has a recipe
        page.tab().getByLabel("LoRA").selectOption("four-steps");

        // Then it is said what that is, and where nothing else is asked for it is drawn so
        assertThat(page.find("#lora-recipe")).hasText("Made for 4 steps (999, 839, 599, 199), guidance 1");
        assertThat(page.find("#steps")).hasAttribute("placeholder", "4");
        Chromium.assertAccessible(page.tab());
        page.make("a ball in four steps", Map.of());
        Locator card = page.card("in four steps");
        assertThat(card.locator(".facts")).hasText("cogvideox-tiny · 64 × 64 · 4 steps · four-steps");
        assertThat(card.locator(".poster img")).isVisible();

        // And the code for it says so too
        page.action("in four steps", "Code").click();
        assertThat(page.find("#curl")).containsText("\"timesteps\":[999,839,599,199]");
        assertThat(page.find("#openai"))
                .containsText(
                        "\"loras\": [{\"id\": \"four-steps\", \"scale\": 1}], \"timesteps\": [999, 839, 599, 199]}");
    }

    @Test
    void shouldMakeVideosFromAVideo() throws Exception {
        // Given
        page.make("a ball to begin with", Map.of("#steps", "2"));
        Locator first = page.card("to begin with");
        assertThat(first.locator(".poster img")).isVisible();
        String id = first.getAttribute("data-id");

        // When it is drawn anew
        page.action("to begin with", "Edit").click();
        assertThat(page.find("#source-note")).containsText("drawn anew");
        assertThat(page.find("#length")).isHidden();
        Chromium.assertAccessible(page.tab());
        page.make("the ball in the rain", Map.of("#strength", "0.5", "#steps", "4"));

        // Then
        Locator edit = page.card("in the rain");
        assertThat(edit.locator(".poster img")).isVisible();
        assertThat(edit.locator(".facts")).containsText("4 steps · edit, strength 0.5");
        assertThat(page.find("#source-note")).isHidden();
        assertThat(page.find("#length")).isVisible();

        // When somebody goes on with it
        page.action("to begin with", "Extend").click();
        assertThat(page.find("#model")).hasValue("i2v");
        assertThat(page.find("#image-field")).isHidden();
        page.make("the ball goes on", Map.of("#steps", "2"));

        // Then the frames are those of the first, and as many as the model draws beside the one that it starts from
        Locator longer = page.card("goes on");
        assertThat(longer.locator(".poster img")).isVisible();
        assertThat(longer.locator(".facts")).containsText("extension");
        assertThat(fleet.client()
                        .get(longer.getAttribute("data-id"))
                        .path("num_frames")
                        .asInt())
                .isEqualTo(fleet.client().get(id).path("num_frames").asInt() + 16);

        // And the code for both names it
        page.action("goes on", "Code").click();
        assertThat(page.find("#curl")).containsText("v1/videos/extensions");
        assertThat(page.find("#curl")).containsText("\"video\":{\"id\":\"" + id + "\"}");
        assertThat(page.find("#openai")).containsText("client.videos.extend(");
        page.tab().keyboard().press("Escape");
        page.action("in the rain", "Code").click();
        assertThat(page.find("#curl")).containsText("\"strength\":0.5");
        assertThat(page.find("#openai")).containsText("client.videos.edit(");
    }

    @Test
    void shouldMakeVideosFromAFile() throws Exception {
        // Given
        Path file = data.resolve("grey.mp4");
        SampleVideos.write(file, new Frames(9, 64, 64, new byte[9 * 3 * 64 * 64]));

        // When one is chosen, and the page knows its models
        assertThat(page.find("#model")).hasValue("cogvideox-tiny");
        page.find(".more summary").click();
        page.tab().getByLabel("From a video file").setInputFiles(file);

        // Then it is said what the model makes of it
        assertThat(page.find("#source-note")).containsText("This video, drawn anew by a prompt: grey.mp4");
        page.find("#model").selectOption("i2v");
        assertThat(page.find("#source-note")).containsText("This video, and what comes after it: grey.mp4");
        assertThat(page.find("#image-field")).isHidden();
        page.find("#model").selectOption("2b");
        assertThat(page.find("#source-note")).containsText("A video along this one: grey.mp4");
        Chromium.assertAccessible(page.tab());

        // And made
        page.make("a ball along a file", Map.of("#steps", "2"));
        assertThat(page.card("along a file").locator(".poster img")).isVisible();
        assertThat(page.card("along a file").locator(".facts")).containsText("2 steps · along a control video");
        page.find("#model").selectOption("cogvideox-tiny");
        page.tab().getByLabel("From a video file").setInputFiles(file);
        page.make("a ball from a file", Map.of("#steps", "4", "#strength", "0.5"));
        Locator edit = page.card("from a file");
        assertThat(edit.locator(".poster img")).isVisible();
        assertThat(edit.locator(".facts")).containsText("4 steps · edit, strength 0.5");
        assertThat(fleet.client()
                        .get(edit.getAttribute("data-id"))
                        .path("num_frames")
                        .asInt())
                .isEqualTo(9);
        assertThat(page.find("#source-note")).isHidden();

        // And what the gateway refuses is said beside the file
        page.find("#model").selectOption("2b");
        page.make("a ball along nothing", Map.of());
        assertThat(page.find("#video-error")).containsText("control_video is missing");
    }

    @Test
    void shouldOfferOnlyWhatTheFleetCan() {
        // Given a model without LoRAs, on workers without a language model
        String models = page.tab().request().get(fleet.gateway() + "/v1/models").text();
        page.tab()
                .route(
                        "**/v1/models",
                        route -> route.fulfill(new FulfillOptions()
                                .setContentType("application/json")
                                .setBody(models.replace("\"enhances_prompts\":true", "\"enhances_prompts\":false")
                                        .replace("\"loras\":[\"four-steps\"]", "\"loras\":[]"))));

        page.tab().reload();

        assertThat(page.find("#steps")).hasAttribute("placeholder", "25");
        assertThat(page.find("#enhance")).isHidden();
        assertThat(page.find("#lora")).isHidden();
    }

    private static int previewStep(String id) {
        try {
            return fleet.client().get(id).path("preview_step").asInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
