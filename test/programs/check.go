// Checks of Go's standard library on files, time and environment: a line for each, and the number that failed as the exit code.
// `check write` works in the directory /data; `check read-only` expects seed.txt there, and that nothing can be changed.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

var failed int

func check(name string, holds bool, errs ...error) {
	err := errors.Join(errs...)
	if holds && err == nil {
		os.Stdout.WriteString("ok " + name + "\n")
		return
	}
	failed++
	text := "not ok " + name
	if err != nil {
		text += " (" + err.Error() + ")"
	}
	os.Stdout.WriteString(text + "\n")
}

func refused(name string, expected, err error) {
	if errors.Is(err, expected) {
		check(name, true)
	} else {
		check(name, false, err)
	}
}

func contains(path, expected string) bool {
	content, err := os.ReadFile(path)
	return err == nil && string(content) == expected
}

func files() {
	path := "/data/go.txt"
	check("WriteFile and ReadFile", os.WriteFile(path, []byte("un\ndeux\ntrois\n"), 0o666) == nil && contains(path, "un\ndeux\ntrois\n"))

	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	_, writing := file.WriteString("quatre")
	check("append", contains(path, "un\ndeux\ntrois\nquatre"), err, writing, file.Close())

	file, err = os.OpenFile(path, os.O_RDWR, 0)
	at, seeking := file.Seek(-6, io.SeekEnd)
	_, writing = file.Write([]byte("QUATRE"))
	check("Seek and overwrite", at == 14, err, seeking, writing)
	buffer := make([]byte, 4)
	n, err := file.ReadAt(buffer, 3)
	check("ReadAt", n == 4 && string(buffer) == "deux", err)
	_, err = file.WriteAt([]byte("DEUX"), 3)
	check("WriteAt", contains(path, "un\nDEUX\ntrois\nQUATRE"), err)
	check("Truncate", file.Truncate(2) == nil && contains(path, "un"), file.Sync(), file.Close())
	refused("write to a closed file", os.ErrClosed, file.Truncate(1))

	_, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	refused("open exclusively", fs.ErrExist, err)

	mtime := time.Date(2009, 11, 10, 23, 0, 0, 500, time.UTC)
	changing := os.Chtimes(path, mtime, mtime)
	info, err := os.Stat(path)
	check("Chtimes and Stat", info.ModTime().Equal(mtime) && info.Size() == 2 && info.Mode().IsRegular(), changing, err)

	big := bytes.Repeat([]byte("0123456789abcde\n"), 200_000)
	writing = os.WriteFile("/data/big", big, 0o666)
	file, err = os.Open("/data/big")
	lines := 0
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		lines++
	}
	check("a big file by lines", lines == 200_000, writing, err, file.Close(), os.Remove("/data/big"))

	err = os.Rename(path, "/data/gö.txt")
	check("Rename", contains("/data/gö.txt", "un"), err)
	err = os.Symlink("gö.txt", "/data/s")
	check("Symlink", contains("/data/s", "un"), err)
	target, err := os.Readlink("/data/s")
	info, lstat := os.Lstat("/data/s")
	check("Readlink and Lstat", target == "gö.txt" && info.Mode()&fs.ModeSymlink != 0, err, lstat)
	check("Remove", true, os.Remove("/data/s"), os.Remove("/data/gö.txt"))
	refused("Remove what is not there", fs.ErrNotExist, os.Remove(path))
}

func directories() {
	making := os.MkdirAll("/data/tree/one/two", 0o777)
	for i := range 50 {
		making = errors.Join(making, os.WriteFile("/data/tree/one/"+strconv.Itoa(i), []byte{byte(i)}, 0o666))
	}
	entries, err := os.ReadDir("/data/tree/one")
	check("MkdirAll and ReadDir", len(entries) == 51 && entries[0].Name() == "0" && entries[50].Name() == "two" && entries[50].IsDir(), making, err)

	sum, walked := 0, 0
	err = filepath.WalkDir("/data/tree", func(path string, entry fs.DirEntry, err error) error {
		walked++
		if err == nil && entry.Type().IsRegular() {
			content, _ := os.ReadFile(path)
			sum += int(content[0])
		}
		return err
	})
	check("WalkDir", walked == 53 && sum == 1225, err)
	matches, err := fs.Glob(os.DirFS("/data/tree"), "one/1*")
	check("Glob of a DirFS", len(matches) == 11, err)
	refused("Remove of a directory that is not empty", syscall.ENOTEMPTY, os.Remove("/data/tree"))
	removing := os.RemoveAll("/data/tree")
	_, err = os.Stat("/data/tree")
	check("RemoveAll", errors.Is(err, fs.ErrNotExist), removing)

	temporary, err := os.MkdirTemp("/data", "temporary-*")
	check("MkdirTemp", strings.HasPrefix(temporary, "/data/temporary-"), err, os.Remove(temporary))
	_, err = os.Open("/data/../../etc/passwd")
	check("nothing outside", err != nil)
}

func readOnly() {
	check("read", contains("/data/seed.txt", "seed\n"))
	refused("no WriteFile", syscall.EROFS, os.WriteFile("/data/new.txt", nil, 0o666))
	_, err := os.OpenFile("/data/seed.txt", os.O_RDWR, 0)
	refused("no open to write", syscall.EROFS, err)
	refused("no Mkdir", syscall.EROFS, os.Mkdir("/data/dir", 0o777))
	refused("no Rename", syscall.EROFS, os.Rename("/data/seed.txt", "/data/other.txt"))
	refused("no Remove", syscall.EROFS, os.Remove("/data/seed.txt"))
	refused("no Symlink", syscall.EROFS, os.Symlink("seed.txt", "/data/s"))
	refused("no Chtimes", syscall.EROFS, os.Chtimes("/data/seed.txt", time.Now(), time.Now()))
	check("still there", contains("/data/seed.txt", "seed\n"))
}

func environment() {
	check("Args", len(os.Args) == 4 && os.Args[2] == "two words" && os.Args[3] == "é")
	value, found := os.LookupEnv("EMPTY")
	check("Getenv", os.Getenv("GREETING") == "hello, wörld" && found && value == "")
	_, found = os.LookupEnv("NOTHING")
	check("Getenv of nothing", !found && len(os.Environ()) == 2)
	check("Setenv", os.Setenv("GREETING", "other") == nil && os.ExpandEnv("<$GREETING>") == "<other>")
}

func timers() {
	now := time.Now()
	os.Stdout.WriteString(now.UTC().Format("2006-01-02 15:04") + "\n")
	time.Sleep(20 * time.Millisecond)
	passed := time.Since(now)
	check("Sleep", passed >= 20*time.Millisecond && passed < 10*time.Second)

	ticks := make(chan int)
	go func() {
		for i := range 3 {
			time.Sleep(time.Millisecond)
			ticks <- i
		}
		close(ticks)
	}()
	sum := 0
	for tick := range ticks {
		sum += tick
	}
	select {
	case <-time.After(5 * time.Millisecond):
		check("goroutines, channels and timers", sum == 3)
	case <-ticks:
		check("goroutines, channels and timers", sum == 3)
	}
}

func main() {
	environment()
	timers()
	if os.Args[1] == "write" {
		files()
		directories()
	} else {
		readOnly()
	}
	os.Exit(failed)
}
