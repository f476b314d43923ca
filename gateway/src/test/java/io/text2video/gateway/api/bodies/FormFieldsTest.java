package io.text2video.gateway.api.bodies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.gateway.api.creation.CreateVideoRequest;
import io.text2video.gateway.api.errors.ApiException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields of a form as the clients' libraries name them, and the JSON that they stand for. */
class FormFieldsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "prompt=17 fps=8 guidance_scale=6.5     | {'prompt':'17','fps':8,'guidance_scale':6.5}",
                "webhook[url]=https://a.example/h       | {'webhook':{'url':'https://a.example/h'}}",
                "webhook={\"url\":\"https://a.example\"} | {'webhook':{'url':'https://a.example'}}",
                "input_reference[image_url]=data:x      | {'input_reference':{'image_url':'data:x'}}",
                "input_reference[key]=17                | {'input_reference':{'key':'17'}}",
                "input_reference=data:x                 | {'input_reference':'data:x'}",
                "loras[][id]=17 loras[][scale]=0.5 loras[][id]=b | {'loras':[{'id':'17','scale':0.5},{'id':'b'}]}",
                "loras[][id]=a loras[][id]=b loras[][scale]=1 | {'loras':[{'id':'a'},{'id':'b','scale':1}]}",
                "loras[0][id]=a loras[1][id]=b loras[0][scale]=2 | {'loras':[{'id':'a','scale':2},{'id':'b'}]}",
                "loras=[{\"id\":\"a\"}] loras[][id]=b    | {'loras':[{'id':'a'},{'id':'b'}]}",
                "loras[id]=a                            | {'loras':{'id':'a'}}",
                "prompt[]=a                             | {'prompt':['a']}",
                "mood[deep][er]=a                       | {'mood':{'deep':{'er':'a'}}}",
                "a[b=1 a]b=2 []=3 a[b][c][d][e][f]=4    | {'a[b':'1','a]b':'2','[]':'3','a[b][c][d][e][f]':'4'}",
            })
    void shouldBeTheJsonThatSaysTheSame(String form, String json) throws Exception {
        var fields = new FormFields(CreateVideoRequest.class);

        add(fields, form);

        assertThat(fields.json()).isEqualTo(new ObjectMapper().readTree(json.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "prompt=a prompt=b                  | prompt      | was sent 2 times or more",
                "webhook[url]=a webhook[url]=b      | webhook[url] | was sent 2 times or more",
                "webhook[url]=a webhook={}          | webhook     | was sent 2 times or more",
                "webhook=a webhook[url]=b           | webhook[url] | was sent with brackets and without",
                "loras[1][id]=a                     | loras[1][id] | [0] is next",
                "loras[0][id]=a loras[0][id]=b      | loras[0][id] | was sent 2 times or more",
                "loras[][id]=a loras[x][id]=b       | loras[x][id] | [1] is next",
            })
    void shouldRefuseFieldsThatContradictEachOther(String form, String param, String message) {
        var fields = new FormFields(CreateVideoRequest.class);

        assertThatThrownBy(() -> add(fields, form))
                .isInstanceOf(ApiException.class)
                .hasMessageStartingWith(param + " ")
                .hasMessageContaining(message);
    }

    private static void add(FormFields fields, String form) {
        for (String field : List.of(form.split(" "))) {
            int equals = field.indexOf('=');
            fields.add(field.substring(0, equals), field.substring(equals + 1));
        }
    }
}
