// Uses every protection that scripts/check-hardening.py checks.
#include <cstring>
#include <vector>

int main(int argc, char** argv) {
  char copy[16];
  std::strcpy(copy, argv[0]);
  const std::vector<int> numbers(3);
  return numbers[static_cast<std::size_t>(argc)] + copy[argc];
}
