// A video without HTTP: sends a request to Kafka and follows its events.
//
//	KAFKA=localhost:9092 go run .
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Event is what is needed here of docs/schemas/event.json.
type Event struct {
	Type  string `json:"type"`
	Step  *int   `json:"step"`
	Video *struct {
		Key string `json:"key"`
	} `json:"video"`
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	// Events are followed from before the request on, so that none is missed.
	client, err := kgo.NewClient(
		kgo.SeedBrokers(os.Getenv("KAFKA")),
		kgo.ConsumeTopics("video.events"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AfterMilli(time.Now().UnixMilli())),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	job := newUUID()
	request, err := json.Marshal(map[string]any{
		"id":         job,
		"prompt":     "a red ball moving left",
		"parameters": map[string]any{"num_inference_steps": 4},
	})
	if err != nil {
		log.Fatal(err)
	}
	record := &kgo.Record{Topic: "video.requests", Key: []byte(job), Value: request}
	if err := client.ProduceSync(ctx, record).FirstErr(); err != nil {
		log.Fatal(err)
	}

	for {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			log.Fatal(err)
		}
		for _, record := range fetches.Records() {
			if string(record.Key) == job && show(record.Value) {
				return
			}
		}
	}
}

// show prints an event, and says whether it is the job's last.
func show(value []byte) bool {
	var event Event
	if err := json.Unmarshal(value, &event); err != nil {
		log.Fatal(err)
	}
	switch {
	case event.Video != nil:
		fmt.Printf("%s: %s\n", event.Type, event.Video.Key)
	case event.Step != nil:
		fmt.Printf("%s: %d\n", event.Type, *event.Step)
	default:
		fmt.Printf("%s:\n", event.Type)
	}
	return event.Type == "video.completed" || event.Type == "video.failed" || event.Type == "video.cancelled"
}

func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40 // version 4
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
