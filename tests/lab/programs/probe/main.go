// Probe judges whether a client notices anything: a new TCP and TLS connection and one GET, so many times a second whatever the
// answers do. It says `probing` on stderr when the first shot has its outcome, and ends with one JSON object on stdout.
//
// Only the answer 200 is good, from a server whose certificate the cluster's authority has signed, whatever its names unless -by-name.
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
)

// A tally is what was seen. Times that end in _s are seconds since it began.
type tally struct {
	Begun       float64        `json:"begun"` // seconds since 1970
	Sent        int            `json:"sent"`
	OK          int            `json:"ok"`
	Failed      int            `json:"failed"`
	Kinds       map[string]int `json:"kinds"`
	LongestGap  float64        `json:"longest_gap_s"`
	FirstBad    *float64       `json:"first_bad_s"`
	LastBad     *float64       `json:"last_bad_s"`
	MedianTook  float64        `json:"p50_ms"`
	LongestTook float64        `json:"max_ms"`
}

// A shot is one request with its outcome.
type shot struct {
	at, took time.Duration
	kind     string
}

func main() {
	rate := flag.Float64("rate", 20, "connections per second")
	length := flag.Duration("for", 0, "stop after so long; without it, when standard input ends")
	byName := flag.Bool("by-name", false, "the certificate must hold the host, too")
	path := flag.String("path", "/readyz", "what is asked for")
	run := cmp.Or(os.Getenv("CPCTL_LAB_RUN"), "/run/cpctl-lab")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "probe [OPTION…] HOST:PORT")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	client, err := newClient(flag.Arg(0), *path, filepath.Join(run, "pki"), *byName)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	begun := time.Now()
	shots := fire(client, begun, time.Duration(float64(time.Second) / *rate), ending(*length))
	if err := json.NewEncoder(os.Stdout).Encode(judge(begun, shots)); err != nil {
		os.Exit(1)
	}
}

// ending is closed when it is time to stop.
func ending(length time.Duration) <-chan struct{} {
	end := make(chan struct{})
	stop := sync.OnceFunc(func() { close(end) })
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() { <-signals; stop() }()
	if length > 0 {
		time.AfterFunc(length, stop)
	} else {
		go func() { io.Copy(io.Discard, os.Stdin); stop() }()
	}
	return end
}

// fire begins a shot whenever one is due and returns all outcomes in the order of their beginning.
func fire(client *client, begun time.Time, pause time.Duration, end <-chan struct{}) []shot {
	var (
		all     sync.WaitGroup
		lock    sync.Mutex
		shots   []shot
		probing = sync.OnceFunc(func() { fmt.Fprintln(os.Stderr, "probing") })
	)
	for count := 0; ; count++ {
		select {
		case <-end:
			all.Wait()
			slices.SortFunc(shots, func(a, b shot) int { return cmp.Compare(a.at, b.at) })
			return shots
		case <-time.After(time.Until(begun.Add(time.Duration(count) * pause))):
		}
		all.Go(func() {
			at := time.Since(begun)
			kind := client.shoot()
			lock.Lock()
			defer lock.Unlock()
			shots = append(shots, shot{at, time.Since(begun) - at, kind})
			probing()
		})
	}
}

func judge(begun time.Time, shots []shot) tally {
	seen := tally{Begun: float64(begun.UnixMicro()) / 1e6, Sent: len(shots), Kinds: map[string]int{}}
	var took []time.Duration
	var last time.Duration
	for _, shot := range shots {
		seen.Kinds[shot.kind]++
		at := shot.at.Seconds()
		if shot.kind != ok {
			seen.Failed++
			seen.FirstBad = cmp.Or(seen.FirstBad, &at)
			seen.LastBad = &at
			continue
		}
		if seen.OK++; seen.OK > 1 {
			seen.LongestGap = max(seen.LongestGap, (shot.at - last).Seconds())
		}
		last = shot.at
		took = append(took, shot.took)
	}
	if slices.Sort(took); len(took) > 0 {
		seen.MedianTook = took[len(took)/2].Seconds() * 1e3
		seen.LongestTook = took[len(took)-1].Seconds() * 1e3
	}
	return seen
}
