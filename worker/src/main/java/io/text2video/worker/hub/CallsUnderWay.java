package io.text2video.worker.hub;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import okhttp3.EventListener;

/** All calls until their answer is read or closed; a dispatcher forgets a call once its answer has begun. */
final class CallsUnderWay extends EventListener {
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();

    void cancel() {
        calls.forEach(Call::cancel);
    }

    @Override
    public void callStart(Call call) {
        calls.add(call);
    }

    @Override
    public void callEnd(Call call) {
        calls.remove(call);
    }

    @Override
    public void callFailed(Call call, IOException failure) {
        calls.remove(call);
    }
}
