"""One thread computes."""

total = 0
for number in range(20_000_000):
    total += number
print(total)
