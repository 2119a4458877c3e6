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
	Begun    float64        `json:"begun"` // seconds since 1970
	Sent     int            `json:"sent"`
	OK       int            `json:"ok"`
	Failed   int            `json:"failed"`
	Kinds    map[string]int `json:"kinds"`
	FirstBad *float64       `json:"first_bad_s"`
	LastBad  *float64       `json:"last_bad_s"`
}

// A shot is one request with its outcome.
type shot struct {
	at   time.Duration
	kind string
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
	if flag.NArg() != 1 || *rate <= 0 {
		flag.Usage()
		os.Exit(2)
	}
	client, err := newClient(flag.Arg(0), *path, filepath.Join(run, "pki"), *byName)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	begun := time.Now()
	shots := fire(client, begun, volley{time.Duration(float64(time.Second) / *rate), *length, ending(*length == 0)})
	if err := json.NewEncoder(os.Stdout).Encode(judge(begun, shots)); err != nil {
		os.Exit(1)
	}
}

// ending is closed when somebody says so.
func ending(withStdin bool) <-chan struct{} {
	end := make(chan struct{})
	stop := sync.OnceFunc(func() { close(end) })
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() { <-signals; stop() }()
	if withStdin {
		go func() { io.Copy(io.Discard, os.Stdin); stop() }()
	}
	return end
}

// A volley says when shots are due: one after each pause, none once its length, if it has one, is over or its end has come.
type volley struct {
	pause, length time.Duration
	end           <-chan struct{}
}

// next waits until a shot of this number, from zero, is due. One that is late is due at once.
func (v volley) next(begun time.Time, number int) bool {
	due := time.Duration(number) * v.pause
	if v.length > 0 && due >= v.length {
		return false
	}
	select {
	case <-v.end:
		return false
	case <-time.After(time.Until(begun.Add(due))):
		return true
	}
}

// fire returns all outcomes, in the order in which the shots began.
func fire(client *client, begun time.Time, volley volley) []shot {
	var (
		all     sync.WaitGroup
		lock    sync.Mutex
		shots   []shot
		probing = sync.OnceFunc(func() { fmt.Fprintln(os.Stderr, "probing") })
	)
	for number := 0; volley.next(begun, number); number++ {
		all.Go(func() {
			at := time.Since(begun)
			kind := client.shoot()
			lock.Lock()
			defer lock.Unlock()
			shots = append(shots, shot{at, kind})
			probing()
		})
	}
	all.Wait()
	slices.SortFunc(shots, func(a, b shot) int { return cmp.Compare(a.at, b.at) })
	return shots
}

func judge(begun time.Time, shots []shot) tally {
	seen := tally{Begun: float64(begun.UnixMicro()) / 1e6, Sent: len(shots), Kinds: map[string]int{}}
	for _, shot := range shots {
		seen.Kinds[shot.kind]++
		if shot.kind == ok {
			seen.OK++
			continue
		}
		at := shot.at.Seconds()
		seen.Failed++
		seen.FirstBad = cmp.Or(seen.FirstBad, &at)
		seen.LastBad = &at
	}
	return seen
}
