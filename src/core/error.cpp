#include <coroom/error.hpp>

// Boost's base class of categories has no virtual destructor: a category is never destroyed through it.
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

namespace coroom {
namespace {

class Category final : public boost::system::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "coroom"; }

  [[nodiscard]] std::string message(int code) const override {
    switch (static_cast<Errc>(code)) {
      case Errc::failed:
        return "failed";
      case Errc::invalid_argument:
        return "a value is not allowed";
      case Errc::invalid_text:
        return "the text is not UTF-8";
      case Errc::invalid_json:
        return "the data is not one JSON value";
      case Errc::not_open:
        return "not open yet";
      case Errc::closed:
        return "closed";
      case Errc::stopped:
        return "the application has stopped";
      case Errc::too_fast:
        return "a rate is exceeded or a queue is full";
      case Errc::too_many_rooms:
        return "a limit of rooms is reached";
      case Errc::storage_failed:
        return "the storage failed";
    }
    return "unknown error";
  }
};

}  // namespace

const boost::system::error_category& error_category() noexcept {
  static const Category category;
  return category;
}

}  // namespace coroom
