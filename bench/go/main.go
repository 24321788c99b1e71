// A CPU-bound program in parts, each timed by itself: prints a line "part nanoseconds check" with the best of its turns.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
)

// next is Marsaglia's 13/17/5 xorshift.
func next(random *uint32) uint32 {
	x := *random
	x ^= x << 13
	x ^= x >> 17
	x ^= x << 5
	*random = x
	return x
}

func maps() uint32 {
	random, counts := uint32(2463534242), map[string]int{}
	for i := 0; i < 20000; i++ {
		counts["key"+strconv.Itoa(int(next(&random)%5000))]++
	}
	numbers := map[uint32]uint32{}
	for i := uint32(0); i < 50000; i++ {
		numbers[next(&random)%8192] += i
	}
	sum := uint32(len(counts))
	for _, count := range counts {
		sum += uint32(count * count)
	}
	for key, number := range numbers {
		sum ^= key*31 + number
	}
	return sum
}

type record struct {
	Name   string             `json:"name"`
	Tags   []string           `json:"tags"`
	Scores map[string]float64 `json:"scores"`
	Nested *record            `json:"nested,omitempty"`
}

func jsons() uint32 {
	var records []record
	for i := 0; i < 150; i++ {
		name := fmt.Sprintf("record %d", i)
		scores := map[string]float64{"a": float64(i) / 3, "b": -float64(i * i)}
		records = append(records, record{name, strings.Fields("one two three " + name), scores, &record{Name: "inner"}})
	}
	text, _ := json.Marshal(records)
	var back []record
	if err := json.Unmarshal(text, &back); err != nil {
		panic(err)
	}
	again, _ := json.Marshal(back)
	return uint32(len(again)) + uint32(bytes.Compare(text, again))
}

func sorts() uint32 {
	random := uint32(88172645)
	numbers, words := make([]int, 30000), make([]string, 8000)
	for i := range numbers {
		numbers[i] = int(next(&random))
	}
	for i := range words {
		words[i] = strconv.Itoa(int(next(&random)))
	}
	sort.Ints(numbers)
	sort.Slice(words, func(i, j int) bool { return words[i] < words[j] })
	return uint32(numbers[100]) ^ uint32(words[100][3])
}

func sums() uint32 {
	block := bytes.Repeat([]byte("zerowasm"), 8192)
	var sum [32]byte
	for i := 0; i < 8; i++ {
		block[i] = sum[i]
		sum = sha256.Sum256(block)
	}
	return binary.LittleEndian.Uint32(sum[:])
}

func texts() uint32 {
	var text strings.Builder
	for i := 0; i < 4000; i++ {
		text.WriteString("the quick brown fox ")
		text.WriteString(strconv.Itoa(i))
	}
	upper := strings.ToUpper(text.String())
	parts := strings.Split(upper, "FOX")
	joined := strings.ReplaceAll(strings.Join(parts, "ox,"), "QUICK", "slow")
	return uint32(strings.Count(joined, "slow") + strings.Index(joined, "3999") + len(joined))
}

func main() {
	turns := 10
	if len(os.Args) > 1 {
		turns, _ = strconv.Atoi(os.Args[1])
	}
	parts := []struct {
		name string
		run  func() uint32
	}{{"maps", maps}, {"json", jsons}, {"sort", sorts}, {"sha256", sums}, {"strings", texts}}
	for _, part := range parts {
		var best time.Duration
		var check uint32
		for i := 0; i < turns; i++ {
			start := time.Now()
			check = part.run()
			if took := time.Since(start); i == 0 || took < best {
				best = took
			}
		}
		fmt.Println(part.name, best.Nanoseconds(), check)
	}
}
