#pragma once

#include <coroom/error.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::detail::centrifuge {

/// A value in a command, not looked into: what it holds is passed through as the client wrote it, numbers to
/// the last digit, but for the white space between.
struct Value {
  enum class Kind { null, boolean, number, string, object, array };

  Kind kind = Kind::null;
  std::string text;  ///< of a string, what it says; of all others, JSON in one line

  [[nodiscard]] std::string json() const;
};

/// A command as it stands in its line: `{"id":ID,"METHOD":{FIELDS}}`.
struct Fields {
  Value id;                                           ///< null: there is none
  std::string method;                                 ///< empty: there is none
  std::vector<std::pair<std::string, Value>> fields;  ///< of the method

  /// nullptr if there is no such field, or it is null. Of several with one name, the last.
  [[nodiscard]] const Value* find(std::string_view name) const;
};

/// Reads one line. An error says why it is no command: no JSON (RFC 8259) in UTF-8, no object, nested deeper
/// than 32, or with two methods.
Result<Fields> read_fields(std::string_view line);

}  // namespace coroom::detail::centrifuge
