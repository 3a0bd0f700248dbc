#include <coroom/broker.hpp>

#include <random>
#include <string_view>

namespace coroom {

std::string new_epoch() {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  constexpr std::size_t length = 8;
  thread_local std::mt19937_64 generator(std::random_device{}());
  std::uniform_int_distribution<std::size_t> any(0, letters.size() - 1);
  std::string epoch;
  for (std::size_t index = 0; index != length; ++index) epoch += letters[any(generator)];
  return epoch;
}

}  // namespace coroom
