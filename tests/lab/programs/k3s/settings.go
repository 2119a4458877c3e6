package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"gopkg.in/yaml.v2"
)

// What files and flags say, each key with its values in the order in which they count.
//
// A later file replaces what an earlier one said, unless its key ends with a plus sign; flags add to both.
// https://docs.k3s.io/installation/configuration
type settings map[string][]string

func readSettings(flags []string) (settings, error) {
	base := os.Getenv(strings.ToUpper(program) + "_CONFIG_FILE")
	if base == "" {
		base = "/etc/rancher/" + program + "/config.yaml"
	}
	files, err := filesOf(base)
	if err != nil {
		return nil, err
	}
	read := settings{}
	for _, file := range files {
		if err := read.addFile(file); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	read.addFlags(flags)
	return read, nil
}

// The file itself, where it is there, and then its drop-ins; endings count in any case, and hidden ones too.
func filesOf(base string) (files []string, err error) {
	entries, err := os.ReadDir(base + ".d")
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	for _, entry := range entries {
		ending := strings.ToLower(filepath.Ext(entry.Name()))
		if !entry.IsDir() && (ending == ".yaml" || ending == ".yml") {
			files = append(files, filepath.Join(base+".d", entry.Name()))
		}
	}
	sort.Strings(files)
	if _, err := os.Stat(base); err == nil {
		files = append([]string{base}, files...)
	}
	return files, nil
}

func (s settings) addFile(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	// Of a key that stands there twice the last one counts, as in K3s: a map would refuse it.
	var entries yaml.MapSlice
	if err := yaml.Unmarshal(text, &entries); err != nil {
		return err
	}
	for _, entry := range entries {
		key, adds := strings.CutSuffix(fmt.Sprint(entry.Key), "+")
		if !adds {
			s[key] = nil
		}
		s[key] = append(s[key], listed(entry.Value)...)
	}
	return nil
}

func listed(value any) (values []string) {
	many, isList := value.([]any)
	if !isList && value != nil {
		many = []any{value}
	}
	for _, one := range many {
		values = append(values, fmt.Sprint(one))
	}
	return values
}

// `--name value`, `--name=value`, or `--name` for what is only on or off.
func (s settings) addFlags(flags []string) {
	for at := 0; at < len(flags); at++ {
		name, value, isJoined := strings.Cut(strings.TrimLeft(flags[at], "-"), "=")
		switch {
		case isJoined:
		case at+1 < len(flags) && !strings.HasPrefix(flags[at+1], "-"):
			at++
			value = flags[at]
		default:
			value = "true"
		}
		s[name] = append(s[name], value)
	}
}

func (s settings) one(key, otherwise string) string {
	if values := s[key]; len(values) > 0 {
		return values[len(values)-1]
	}
	return otherwise
}

// A comma parts names, as it has since 1.25.10, 1.26.5 and 1.27.2.
func (s settings) list(key string) (names []string) {
	for _, value := range s[key] {
		for _, name := range strings.Split(value, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}
