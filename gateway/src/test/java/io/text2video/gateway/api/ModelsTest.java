package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.LoraRecipe;
import io.text2video.common.model.ModelCard;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class ModelsTest {
    private static final ModelCard MODEL = Cards.COGVIDEOX_2B;

    @Inject
    Announcements workers;

    @AfterEach
    void forget() {
        workers.forgetAll();
    }

    @Test
    void shouldListWhatWorkersHaveAnnounced() {
        workers.announce(Cards.COGVIDEOX_15_5B, MODEL);

        given().get("/v1/models")
                .then()
                .statusCode(200)
                .body("object", equalTo("list"))
                .body("data.id", contains("THUDM/CogVideoX-2b", "zai-org/CogVideoX1.5-5B"))
                .body("data.object", contains("model", "model"))
                .body("data.owned_by", contains("text2video", "text2video"))
                .body("data.preferred", contains(true, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"THUDM/CogVideoX-2b", "THUDM%2FCogVideoX-2b"})
    void shouldTellWhatAModelCanBeAskedFor(String id) {
        workers.announce(MODEL);

        given().urlEncodingEnabled(false)
                .get("/v1/models/" + id)
                .then()
                .statusCode(200)
                .body("id", equalTo("THUDM/CogVideoX-2b"))
                .body("created", equalTo((int) MODEL.announcedAt().getEpochSecond()))
                .body("pipeline", equalTo("CogVideoXPipeline"))
                .body("defaults.num_inference_steps", equalTo(50))
                .body("defaults.use_dynamic_cfg", equalTo(false))
                .body("limits.size_multiple", equalTo(16))
                .body("limits.image_required", equalTo(false))
                .body("rules.height", equalTo("a multiple of 16, from 16 to 4096"))
                .body("rules.size", equalTo("height times width at most 1382400"))
                .body("rules.num_frames", equalTo("a multiple of 4 plus 1, from 1 to 193"))
                .body("rules.input_reference", equalTo("none"))
                .body("loras", contains("rain", "snow"));
    }

    @Test
    void shouldTellWhatALoraWasTrainedToBeDrawnWith() {
        workers.announce(Cards.withRecipe(MODEL, "rain", new LoraRecipe(List.of(999, 856, 665, 399), 1.0, 0.75)));

        given().get("/v1/models/" + MODEL.id())
                .then()
                .statusCode(200)
                .body("lora_recipes.rain.timesteps", contains(999, 856, 665, 399))
                .body("lora_recipes.rain.guidance_scale", equalTo(1.0f))
                .body("lora_recipes.rain.scale", equalTo(0.75f));
    }

    @Test
    void shouldSayWhichModelsThereAre() {
        workers.announce(MODEL);

        given().get("/v1/models/nobody/knows")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("model_not_found"))
                .body("error.message", containsString("THUDM/CogVideoX-2b"));
        post("{'prompt':'a','model':'nobody/knows'}")
                .statusCode(400)
                .body("error.code", equalTo("unknown_model"))
                .body("error.param", equalTo("model"))
                .body("error.message", allOf(containsString("nobody/knows"), containsString("THUDM/CogVideoX-2b")));
    }

    @Test
    void shouldTakeAModelFromItsAnnouncementToItsTombstone() {
        post("{'prompt':'a','model':'THUDM/CogVideoX-2b'}")
                .statusCode(400)
                .body("error.message", containsString("no worker has announced a model yet"));

        workers.announce(MODEL);
        post("{'prompt':'a','model':'THUDM/CogVideoX-2b'}").statusCode(202).body("model", equalTo(MODEL.id()));

        workers.forget(MODEL.id());
        given().get("/v1/models").then().body("data", empty());
        post("{'prompt':'a','model':'THUDM/CogVideoX-2b'}").statusCode(400);
    }

    @Test
    void shouldGoByTheLastCard() {
        workers.announce(MODEL);
        workers.write(MODEL.id(), json(MODEL).replace("\"max_frames\":193", "\"max_frames\":49"));

        given().get("/v1/models").then().body("data[0].limits.max_frames", equalTo(49));
        post("{'prompt':'a','num_frames':53}")
                .statusCode(400)
                .body("error.param", equalTo("num_frames"))
                .body("error.message", containsString("the nearest is 49"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"topic\":\"video.requests\" | \"topic\":\"payments\"",
                "\"topic\":\"video.requests\" | \"topic\":\"video.jobs\"",
                "\"size_multiple\":16 | \"size_multiple\":0",
                "\"id\":\"THUDM/CogVideoX-2b\" | \"id\":\"another\"",
                "\"pipeline\" | \"pipe\"",
                "{ | [",
            })
    void shouldPassOverACardThatCannotBe(String part, String instead) {
        String card = json(MODEL);
        assertThat(card).contains(part);

        workers.write(MODEL.id(), card.replace(part, instead));

        given().get("/v1/models").then().statusCode(200).body("data", empty());
    }

    @Test
    void shouldLeaveARequestWithoutAModelToTheDefaultPool() {
        workers.announce(Cards.COGVIDEOX_5B, MODEL);

        post("{'prompt':'a','height':100}").statusCode(400).body("error.param", equalTo("height"));
        post("{'prompt':'a','height':96}").statusCode(202).body("model", nullValue());
    }

    @Test
    void shouldWantAModelNamedWhereNoneIsPreferred() {
        workers.announce(Cards.COGVIDEOX_5B);

        post("{'prompt':'a'}")
                .statusCode(400)
                .body("error.code", equalTo("unknown_model"))
                .body("error.message", containsString("THUDM/CogVideoX-5b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'size':'720x479'} | size                | size 720x479 cannot be served: height is 479, but must be a multiple of 16, from 16 to 4096; the nearest are 464 and 480",
                "{'width':721} | width               | the nearest are 720 and 736",
                "{'num_frames':50} | num_frames          | the nearest are 49 and 53",
                "{'seconds':'128'} | seconds             | seconds must be less than or equal to 1024, not 1025",
                "{'loras':[{'id':'fog'}]} | loras               | it has rain, snow",
                "{'loras':[{'id':'rain','scale':11}]} | loras[0].scale      | must be less than or equal to 10",
                "{'loras':{}} | loras               | must be a JSON array",
                "{'eta':1.5} | eta                 | must be less than or equal to 1",
                "{'use_dynamic_cfg':'yes'} | use_dynamic_cfg     | must be true or false",
            })
    void shouldRefuseWhatTheModelCannotServe(String fields, String param, String message) {
        workers.announce(MODEL);

        post("{'prompt':'a'," + fields.substring(1))
                .statusCode(400)
                .body("error.code", equalTo("invalid_value"))
                .body("error.param", equalTo(param))
                .body("error.message", containsString(message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'size':'720x1280','seconds':'4'} | size | size 720x1280 cannot be served: 720x1280 has 921600 pixels, but a frame must have at most 16384; the nearest of this shape is 96x160",
                "{'height':1280} | height | the nearest of this shape is 16x560",
                "{'width':1280} | width | the nearest of this shape is 560x16",
                "{'num_frames':69} | num_frames | num_frames is 69, but must be a multiple of 4 plus 1, from 1 to 65; the nearest is 65",
                "{'seconds':'9'} | seconds | seconds 9 cannot be served: num_frames is 73",
            })
    void shouldRefuseAVideoThatIsTooLargeForOneJob(String fields, String param, String message) {
        workers.announce(Cards.TINY);

        post("{'prompt':'a','model':'cogvideox-tiny'," + fields.substring(1))
                .statusCode(400)
                .body("error.code", equalTo("job_too_large"))
                .body("error.param", equalTo(param))
                .body("error.message", containsString(message));
    }

    @Test
    void shouldRefuseAVideoThatNoWorkerHasMemoryFor() {
        workers.announce(Cards.inMemoryFor(Cards.COGVIDEOX_2B, 480L * 720 * 49));

        post("{'prompt':'a','size':'1280x720','num_frames':49,'model':'THUDM/CogVideoX-2b'}")
                .statusCode(400)
                .body("error.code", equalTo("job_too_large"))
                .body("error.param", equalTo("num_frames"))
                .body("error.message", containsString("45158400 pixels, but its workers have memory for 16934400"))
                .body("error.message", containsString("this would fit: num_frames 17, or size 768x432"));
        post("{'prompt':'a','num_frames':49,'model':'THUDM/CogVideoX-2b'}").statusCode(202);
    }

    @Test
    void shouldTakeTheModelsOwnFramesPerSecond() {
        workers.announce(Cards.COGVIDEOX_15_5B);

        post("{'prompt':'a','seconds':'5','model':'zai-org/CogVideoX1.5-5B'}")
                .statusCode(202)
                .body("num_frames", equalTo(81))
                .body("fps", equalTo(16))
                .body("seconds", equalTo("5"));
    }

    @Test
    void shouldPassOnHowToDraw() {
        workers.announce(MODEL);

        post("{'prompt':'a','use_dynamic_cfg':true,'eta':0.5,'loras':[{'id':'rain'},{'id':'snow','scale':0.25}]}")
                .statusCode(202)
                .body("use_dynamic_cfg", equalTo(true))
                .body("eta", equalTo(0.5f))
                .body("loras.id", contains("rain", "snow"))
                .body("loras.scale", contains(null, 0.25f));
    }

    /** As clients of other services call theirs. */
    @Test
    void shouldKnowModelsByTheNamesThatAreConfigured() {
        workers.announce(MODEL, Cards.COGVIDEOX_15_5B);

        post("{'prompt':'a','model':'sora-2'}").statusCode(202).body("model", nullValue());
        String id = post("{'prompt':'a','model':'sora-2-pro','seconds':'5'}")
                .statusCode(202)
                .body("model", equalTo("zai-org/CogVideoX1.5-5B"))
                .body("num_frames", equalTo(81))
                .extract()
                .path("id");
        given().get("/v1/models/sora-2").then().body("id", equalTo(MODEL.id()));
        given().get("/v1/models/sora-2-pro").then().body("id", equalTo("zai-org/CogVideoX1.5-5B"));
        given().queryParam("model", "sora-2-pro")
                .queryParam("limit", 1)
                .get("/v1/videos")
                .then()
                .body("data.id", contains(id));
    }

    @Test
    void shouldSayWhichModelANameStandsForThatNobodyHas() {
        workers.announce(MODEL);

        post("{'prompt':'a','model':'sora-2-pro'}")
                .statusCode(400)
                .body("error.code", equalTo("unknown_model"))
                .body("error.message", containsString("zai-org/CogVideoX1.5-5B"));
        post("{'prompt':'a','model':'preferred'}").statusCode(400).body("error.code", equalTo("unknown_model"));
    }

    private static ValidatableResponse post(String body) {
        return given().contentType(ContentType.JSON)
                .body(body.replace('\'', '"'))
                .post("/v1/videos")
                .then();
    }

    private static String json(ModelCard card) {
        return new String(JsonCodec.write(card), StandardCharsets.UTF_8);
    }
}
