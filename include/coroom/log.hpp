#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <variant>

/// What a server has to say while it runs: one line an event, to standard error unless a program wants it
/// elsewhere (Tornado uses Python's `logging`). Before it is configured it tells all from `info` on, as text.
namespace coroom::logging {

/// How much an event matters; as a limit, what is below it is not told.
enum class Level { debug, info, warning, error, off };

/// How a line is written: `TIME level event key=value …`, or one JSON object.
enum class Format { text, json };

/// One named value of an event.
struct Field {
  /// A text, which lives as long as the call.
  ///@{
  Field(std::string_view name, std::string_view text) : key(name), value(text) {}
  Field(std::string_view name, const char* text) : key(name), value(std::string_view(text)) {}
  ///@}

  /// A number.
  template <std::integral Number>
  Field(std::string_view name, Number number) : key(name), value(static_cast<std::int64_t>(number)) {}

  std::string_view key;                                ///< a word or two, with underscores
  std::variant<std::string_view, std::int64_t> value;  ///< what it is
};

/// From which level on events are told, and how. Before other threads exist.
void configure(Level level, Format format);

/// Takes lines, without time, level and line break: `event key=value …`, or in JSON the members of an object.
/// Any thread calls it, and several at once. What it throws is dropped, and the line with it.
using Sink = std::function<void(Level level, std::string_view line)>;

/// Where lines go from now on, in place of standard error; nullptr: there again. Before other threads exist,
/// or when they have ended.
void redirect(Sink sink);

/// How many lines of one event are written a second, ten seconds' worth at once, of `debug` any number; 0
/// lifts the limit. What one address causes, by the field `peer`, may take a quarter of it. Further lines are
/// counted, and one line says how many there were. Without a call it is 20. Before other threads exist.
void limit_rate(std::size_t lines_per_second);

/// Writes an event at level `info` that the limit of lines does not hold for: what an operator or a moderator
/// did, and must be able to find. Any thread.
void record(std::string_view event, std::initializer_list<Field> fields = {});

/// Blocks until all lines so far are written to standard error. Returns false when that took longer than
/// `limit`: whoever reads there stands still. A program that ends by exit() or by returning does it by
/// itself.
bool flush(std::chrono::milliseconds limit);

/// Lines that were not written, since the start of the process.
struct Unwritten {
  std::uint64_t lost = 0;        ///< standard error took no more: they wait in 1 MiB at most
  std::uint64_t suppressed = 0;  ///< over the limit of lines
};

/// Returns how many lines were not written; any thread.
Unwritten unwritten();

/// Tells an event; any thread. It does not wait for standard error, which a thread of its own writes to.
/// Never throws: what can't be written is lost. `event` is a few fixed words; what varies goes into fields,
/// never the text of a message or a secret.
///@{
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});

inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}
///@}

}  // namespace coroom::logging
