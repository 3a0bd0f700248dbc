#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <variant>

/// What a server has to say while it runs: one line an event, to standard error unless a program wants it
/// elsewhere (Tornado uses Python's `logging`). Before it is configured it tells all from `info` on, as text.
namespace coroom::log {

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
/// Any thread calls it, and several at once.
using Sink = std::function<void(Level level, std::string_view line)>;

/// Where lines go from now on, in place of standard error; nullptr: there again. Before other threads exist,
/// or when they have ended.
void redirect(Sink sink);

/// Tells an event; any thread. Never throws: what can't be written is lost. `event` is a few fixed words;
/// what varies goes into fields, never the text of a message or a secret.
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

}  // namespace coroom::log
