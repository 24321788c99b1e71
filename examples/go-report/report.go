// Report uses what a Go program brings along: formatting, sorting, JSON, goroutines with channels, maps, time, recover.
// Its output is the same at every run.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"sort"
	"strings"
	"sync"
	"time"
)

// Book is one row of the inventory.
type Book struct {
	Title  string   `json:"title"`
	Author string   `json:"author,omitempty"`
	Year   int      `json:"year"`
	Price  float64  `json:"price"`
	Tags   []string `json:"tags"`
}

const inventory = `[
  {"title": "Structure and Interpretation", "author": "Abelson", "year": 1985, "price": 45.5, "tags": ["lisp", "classic"]},
  {"title": "The Art of Programming", "author": "Knuth", "year": 1968, "price": 79.99, "tags": ["classic"]},
  {"title": "Anonymous \u00dcbungen", "year": 2001, "price": 0.1, "tags": []}
]`

func books() error {
	var list []Book
	if err := json.Unmarshal([]byte(inventory), &list); err != nil {
		return err
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Year < list[j].Year })
	count := map[string]int{}
	for _, b := range list {
		fmt.Printf("%d  %-30s %8.2f  %q\n", b.Year, b.Title, b.Price, b.Tags)
		for _, tag := range b.Tags {
			count[tag]++
		}
	}
	fmt.Println(count) // maps print in key order
	text, err := json.Marshal(list[0])
	fmt.Println(string(text))
	return err
}

// primes chains one goroutine for each prime found: a sieve of channels.
func primes(n int) (found []int) {
	numbers := make(chan int)
	done := make(chan struct{})
	defer close(done)
	go func(out chan<- int) {
		for i := 2; ; i++ {
			select {
			case out <- i:
			case <-done:
				return
			}
		}
	}(numbers)
	for len(found) < n {
		p := <-numbers
		found = append(found, p)
		rest := make(chan int)
		go func(in <-chan int) {
			for {
				select {
				case i := <-in:
					if i%p == 0 {
						continue
					}
					select {
					case rest <- i:
					case <-done:
						return
					}
				case <-done:
					return
				}
			}
		}(numbers)
		numbers = rest
	}
	return found
}

// checksums lets workers share jobs and sorts what they send back.
func checksums() {
	jobs, results := make(chan int), make(chan string)
	var workers sync.WaitGroup
	for w := 0; w < 4; w++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for n := range jobs {
				data := []byte(strings.Repeat(fmt.Sprint(n), 1000))
				results <- fmt.Sprintf("%d: %08x", n, crc32.ChecksumIEEE(data))
			}
		}()
	}
	go func() {
		for n := 0; n < 6; n++ {
			jobs <- n
		}
		close(jobs)
		workers.Wait()
		close(results)
	}()
	var lines []string
	for line := range results {
		lines = append(lines, line)
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
}

func times() {
	day := time.Date(2024, time.February, 28, 23, 30, 0, 0, time.UTC)
	fmt.Println(day.Add(45 * time.Minute).Format(time.RFC1123))
	start := time.Now()
	select {
	case <-time.After(5 * time.Millisecond):
		fmt.Println("timer fired, at least 5 ms later:", time.Since(start) >= 5*time.Millisecond)
	case <-time.After(time.Minute):
		fmt.Println("the wrong timer fired")
	}
}

func guarded() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %w", r.(error))
		}
	}()
	var empty []int
	return errors.New(fmt.Sprint(empty[len(empty)]))
}

func main() {
	if err := books(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(primes(20))
	checksums()
	times()
	fmt.Println(guarded())
}
